import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inLanes } from "../runtime/synapse/inLanes.js";
import { bundled } from "./bundled.js";
import { startDeployedProcess } from "./deployedProcess.js";
import { type Figure, median } from "./figure.js";
import { compared } from "./interleaved.js";

const run = promisify(execFile);
const runs = 1_000;
const activities = 10;
const pipeline = "ten-activities";
/** How many runs are started at a time. */
const lanes = 16;

/** What `statesProcess.ts` prints: the milliseconds of each client's rounds. */
export interface StateTimes {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
  readonly official: readonly number[];
}

/** The state of 1,000 runs with 10 activities each, fetched by this program's client, a bare one and Azure's own, in turn. */
export async function states(): Promise<Figure[]> {
  const emulator = await startDeployedProcess();
  try {
    await emulator.publish(pipeline, {
      variables: { number: { type: "String" } },
      activities: Array.from({ length: activities }, (_, index) => ({
        name: `set ${index}`,
        type: "SetVariable",
        typeProperties: { variableName: "number", value: String(index) },
        dependsOn: index === 0 ? [] : [{ activity: `set ${index - 1}`, dependencyConditions: ["Succeeded"] }],
      })),
    });
    await inLanes(Array.from({ length: runs }), lanes, () => emulator.start(pipeline));
    const built = await bundled("statesProcess");
    const words = [built, emulator.endpoint, String(runs), String(activities)];
    const { stdout } = await run(process.execPath, words, { env: emulator.environmentOf("trigger") });
    const { ours, bare, official } = JSON.parse(stdout) as StateTimes;
    const name = `the state of ${runs.toLocaleString("en-US")} runs with ${activities} activities`;
    const bareFigure = {
      name: "the same, bare",
      value: Math.round(median(bare)),
      unit: "ms",
      peer: null,
      ratio: null,
    } as const;
    return [
      { ...compared(name, ours, "bare keep-alive client", bare), samples: ours.map(Math.round) },
      compared(`${name}, beside Azure's client`, ours, "@azure/synapse-artifacts", official),
      bareFigure,
    ];
  } finally {
    await emulator.close();
  }
}
