import { setImmediate as turn } from "node:timers/promises";
import type { JsonObject } from "../contract/json.js";
import { openFileEngine } from "./fileEngine.js";

const runs = 10_000;
const definition: JsonObject = {
  activities: [
    { name: "remember", type: "SetVariable", typeProperties: { variableName: "run", value: "@pipeline().RunId" } },
    {
      name: "hold",
      type: "Wait",
      dependsOn: [{ activity: "remember", dependencyConditions: ["Succeeded"] }],
      typeProperties: { waitTimeInSeconds: 86_400 },
    },
  ],
  variables: { run: { type: "String" } },
};

/** Starts 10,000 runs that wait for a day and writes how many bytes of this process are resident then. */
const engine = openFileEngine();
for (let started = 0; started < runs; started += 1) {
  // each start reads the definition anew, as createRun does
  engine.start(structuredClone(definition));
  if (started % 100 === 99) await turn();
}
await turn();
process.stdout.write(String(process.memoryUsage().rss));
await engine.close();
