import { expect, it } from "vitest";
import { exitCodeOf } from "../../../runtime/commands/ends.js";
import type { FollowEnd } from "../../../runtime/commands/followRuns.js";
import { createTerminal } from "../../../runtime/terminal/terminal.js";
import { testContext } from "../helpers/commandContext.js";
import { finishedAs, started } from "../helpers/sampleEvents.js";

const detached = (reason: "interrupted" | "timeout"): FollowEnd => {
  return { event: "detached", time: started.time, runId: started.runId, reason, next: "" };
};

/** The graver comes first. */
const ends: readonly FollowEnd[] = [
  detached("interrupted"),
  detached("timeout"),
  finishedAs("Failed", { exitCode: 1 }),
  finishedAs("Cancelled", { exitCode: 4 }),
  finishedAs("Succeeded"),
];

it("of several ends the gravest counts, wherever it stands: 130, then 5, 1, 4, 0", () => {
  const terminal = createTerminal(testContext().context);
  const codes = ends.map((_, index) => exitCodeOf(ends.slice(index).reverse(), terminal));
  expect(codes).toEqual([130, 5, 1, 4, 0]);
});
