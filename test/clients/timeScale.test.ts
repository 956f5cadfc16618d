import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runJoined } from "../helpers/childProcess.js";
import { planes, startProvisionedEmulator } from "../helpers/provisioned.js";
import type { TestEmulator } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";

const folder = import.meta.dirname;
const python = requireTool("python", { args: ["-c", "import azure.identity, azure.synapse.artifacts"] });
const clients = [
  { name: "JavaScript", file: process.execPath, args: [path.join(folder, "node/runAndWindow.mjs")] },
  ...(python ? [{ name: "Python", file: python, args: ["-B", path.join(folder, "python/run_and_window.py")] }] : []),
];
/** What the pipeline waits for is as long by the watch at every scale. */
const realSeconds = 2;

const seen = z.object({
  tokenSeconds: z.number(),
  realMs: z.number(),
  status: z.string(),
  durationInMs: z.number(),
  queried: z.array(z.string()),
  activities: z.array(z.tuple([z.string(), z.string()])),
});

describe.each([1, 60])("at time scale %d", (timeScale) => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startProvisionedEmulator({ timeScale });
  });
  afterAll(() => emulator.close());

  it.each(clients)(
    "Azure's $name clients follow a run to its end and find it in a window of their own watch",
    async ({ file, args }) => {
      const seconds = realSeconds * timeScale;
      const endpoint = `https://${planes.synapse.host}`;
      const { code, stdout, stderr } = await runJoined(file, [...args, endpoint, String(seconds)], emulator);
      expect(code, stderr).toBe(0);
      const { tokenSeconds, realMs, durationInMs, ...found } = seen.parse(JSON.parse(stdout));
      expect(found).toEqual({ status: "Succeeded", queried: ["Succeeded"], activities: [["Hold", "Succeeded"]] });
      expect(tokenSeconds).toBeGreaterThan(3_590 / timeScale - 10);
      expect(tokenSeconds).toBeLessThanOrEqual(3_599 / timeScale + 1);
      expect(durationInMs).toBeGreaterThanOrEqual(seconds * 1000);
      expect(durationInMs).toBeLessThanOrEqual((realMs + 100) * timeScale);
    },
  );
});
