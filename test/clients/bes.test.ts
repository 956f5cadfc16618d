import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { generateTrips, tripsAsCsv } from "../../samples/generateTrips.js";
import { runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";

const program = path.join(import.meta.dirname, "bes", "retrain.py");
const python = requireTool("python", { args: ["-c", "import azure.storage.blob"] });
const abalone = path.resolve(import.meta.dirname, "../../node_modules/ydf-training/test/abalone.csv");

const folder = testStateFolder();
const tripsFile = path.join(folder.path, "trips.csv");
writeFileSync(tripsFile, tripsAsCsv(generateTrips({ seed: 9, count: 20_000 })));

/** Inside `emulator exec`, where nothing but the environment tells the program of the emulator. */
async function inside(...args: string[]): Promise<{ seen: Record<string, unknown>; stderr: string }> {
  const words = ["emulator", "exec", String(python), "-B", program, ...args];
  const { code, stdout, stderr } = await runCli(words, { SYNAPSE_BATCH_HOME: folder.path });
  expect(code, stderr).toBe(0);
  return { seen: JSON.parse(stdout) as Record<string, unknown>, stderr };
}
const seenBy = async (...args: string[]) => (await inside(...args)).seen;

describe.skipIf(python === undefined)(
  "a client in the shape of the document's Python sample, inside emulator exec",
  () => {
    it("uploads to a blob, submits, starts, polls and downloads: the real abalone table", async () => {
      const seen = await seenBy(abalone, "Rings");
      expect(seen).toEqual({
        submit: [200, expect.stringMatching(/^[0-9a-f]{32}$/)],
        before: [200, {}],
        start: [200, null],
        states: expect.arrayContaining(["Running", "Finished"]),
        sizes: { output1: expect.any(Number), output2: expect.any(Number) },
        metrics: { rmse: expect.any(Number), mae: expect.any(Number), r2: expect.any(Number) },
        delete: [204, null],
        after: 404,
      });
      const { rmse = 0, r2 = 0 } = seen["metrics"] as { rmse?: number; r2?: number };
      expect(rmse).toBeLessThan(2.4);
      expect(r2).toBeGreaterThan(0.5);
    });

    it("reads the status as a word: 20,000 generated trips", async () => {
      const seen = await seenBy(tripsFile, "fare", "words");
      expect(seen).toMatchObject({
        before: [200, { StatusCode: "NotStarted", Results: null, Details: null }],
        start: [204, null],
        states: ["Running", "Finished"],
      });
      const { mae = 9, r2 = 0 } = seen["metrics"] as { mae?: number; r2?: number };
      expect(mae).toBeLessThan(0.8);
      expect(r2).toBeGreaterThan(0.98);
    });

    it("leaves a job that runs, which the command tells of and the next start trains anew", async () => {
      const { seen, stderr } = await inside(tripsFile, "fare", "leave");
      const [, job] = seen["submit"] as [number, string];
      expect(stderr).toContain(
        `retraining job ${job} is not finished; it is trained anew when the emulator starts again`,
      );
    });

    it("deletes a job while it runs, which ends it", async () => {
      const seen = await seenBy(tripsFile, "fare", "delete");
      expect(seen).toMatchObject({ delete: [204, null], states: ["Running", "Cancelled"] });
    });
  },
);
