import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { scaledClock } from "../../contract/clock.js";
import type { Json } from "../../contract/json.js";
import { type RunOptions, runPipelineCommand } from "../../emulator/commands/runPipeline.js";
import { waitTeller } from "../../emulator/localRun/waits.js";
import { ManualClock } from "../helpers/manualClock.js";

const get = {
  name: "Get",
  type: "WebActivity",
  policy: { retry: 1, retryIntervalInSeconds: 3600 },
  typeProperties: { url: "https://api.example/", method: "GET" },
};
const pause = { name: "Pause", type: "Wait", typeProperties: { waitTimeInSeconds: 7200 } };

/** Runs the activities on a clock that goes an hour on whenever a line is logged; resolves with those lines. */
async function linesOf(activities: Json, options: Partial<RunOptions> = {}): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "waits-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "main.json");
  writeFileSync(file, JSON.stringify({ properties: { activities } }));
  const wallClock = new ManualClock();
  const lines: string[] = [];
  await runPipelineCommand(
    file,
    { param: [], clock: "real", timeScale: 1, ...options },
    {
      environment: {},
      log: (line) => {
        lines.push(line);
        setImmediate(() => void wallClock.advance(7_200_000));
      },
      print: () => {},
      exit: () => {},
      signal: new AbortController().signal,
      wallClock,
    },
  );
  return lines.filter((line) => !line.startsWith("its requests had no answers"));
}

describe("emulator run on a real clock", () => {
  it("says what waits and until when, and once how not to wait", async () => {
    const again = { ...pause, name: "Again", dependsOn: [{ activity: "Pause", dependencyConditions: ["Succeeded"] }] };
    expect(await linesOf([pause, again])).toEqual([
      "Pause waits 2 h 0 min, until 2024-05-01 10:00:00 UTC; with --clock virtual no wait takes time",
      "Again waits 2 h 0 min, until 2024-05-01 12:00:00 UTC",
    ]);
  });

  it("says when an activity that failed is tried again", async () => {
    expect(await linesOf([get])).toEqual([
      "Get is tried again in 1 h 0 min, at 2024-05-01 09:00:00 UTC; with --clock virtual no wait takes time",
    ]);
  });

  it("says nothing of waits where the clock is virtual", async () => {
    expect(await linesOf([pause], { clock: "virtual" })).toEqual([]);
  });
});

it("a wait on a faster clock is told by the watch, a short one is not", () => {
  const watch = new ManualClock();
  const clock = scaledClock(watch, 60);
  const lines: string[] = [];
  const tell = waitTeller({ clock, watch, timeScale: 60 }, (line) => void lines.push(line));
  const wait = { activityName: "Pause", why: "pause" } as const;
  tell({ ...wait, until: new Date(clock.now().getTime() + 240_000) });
  tell({ ...wait, until: new Date(clock.now().getTime() + 3_600_000) });
  expect(lines).toEqual([
    "Pause waits 1 min 0 s, until 2024-05-01 08:01:00 UTC; with --clock virtual no wait takes time",
  ]);
});
