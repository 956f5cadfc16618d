import { expect, it } from "vitest";
import { runCommand } from "../helpers/runCommand.js";
import type { ServerScript } from "../helpers/synapseServer.js";

/** A workspace that finds a run by its id in any letter case, as Synapse does, and tells it in lower case. */
const anyCase: ServerScript = {
  before: ({ request, answer }) => {
    const path = new URL(request.url ?? "/", "http://local").pathname.toLowerCase();
    if (!path.includes("/pipelineruns/6a1f-b")) return false;
    if (path.endsWith("/queryactivityruns")) answer(200, { value: [] });
    else {
      answer(200, {
        runId: "6a1f-b",
        pipelineName: "batch-scoring",
        parameters: {},
        runStart: "2024-05-01T08:00:01Z",
        runEnd: "2024-05-01T08:00:02Z",
        durationInMs: 1_000,
        status: "Succeeded",
        message: "",
      });
    }
    return true;
  },
};

it("a run that is named twice, in upper and in lower case, is watched and told once", async () => {
  const { recorded } = await runCommand(anyCase, ["monitor", "6a1f-b", "6A1F-B", "--json"]);
  const lines = recorded.out.trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { event: string; runId: string });
  expect(events.filter(({ event }) => event === "started" || event === "finished")).toMatchObject([
    { event: "started", runId: "6a1f-b" },
    { event: "finished", runId: "6a1f-b" },
  ]);
  expect([recorded.exitCode, recorded.err]).toEqual([0, ""]);
});
