import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadForest } from "../../contract/forest.js";
import { readTable } from "../../contract/table.js";
import { prepareFeatures } from "../../contract/tripFeatures.js";
import { generateTrips, tripsAsCsv } from "../../samples/generateTrips.js";
import { runCli } from "../helpers/cli.js";
import { startTestEmulator } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";

const root = path.resolve(import.meta.dirname, "../..");
const python = requireTool("python", { args: ["-c", "import pandas, ydf"] });
/** The predictions before they are rounded for predictions.csv, of the same columns that run() scores. */
const driver = `
import sys
import score
score.init()
header, rows = score.read_table(sys.argv[1])
columns = score.columns_of([dict(zip(header, cells)) for cells in rows])
score.model.predict(columns).astype("<f8").tofile(sys.argv[2])
`;

describe.skipIf(!python)("models in Python and here (needs pandas and ydf)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "agreement-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function runPython(words: readonly string[], variables: Readonly<Record<string, string>> = {}): void {
    const env = {
      ...process.env,
      ...variables,
      PYTHONPATH: path.join(root, "infra/scoring"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const { status, stderr } = spawnSync(python ?? "", [...words], { env, encoding: "utf8" });
    expect(status, stderr).toBe(0);
  }

  async function predictHere(model: string, csv: string): Promise<number[]> {
    const forest = await loadForest(readFileSync(model));
    const predictions = forest.predict(prepareFeatures(readTable(Buffer.from(csv))));
    forest.unload();
    return predictions;
  }

  function predictInPython(modelFolder: string, csv: string): Float64Array {
    const [input, output] = [path.join(folder, "in.csv"), path.join(folder, "out.bin")];
    writeFileSync(input, csv);
    runPython(["-c", driver, input, output], { AZUREML_MODEL_DIR: modelFolder });
    return new Float64Array(Uint8Array.from(readFileSync(output)).buffer);
  }

  const greatestDifference = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    Math.max(
      ...Array.from(
        one,
        (value, row) => Math.abs(value - (other[row] ?? Number.NaN)) / Math.max(Math.abs(value), 1e-9),
      ),
    );

  it("predict the same within 1e-5 of each value on 10,000 rows", async () => {
    const csv = tripsAsCsv(generateTrips({ seed: 51, count: 10_000 }));
    const modelFolder = path.join(root, "samples/model");
    const here = await predictHere(path.join(modelFolder, "fare.zip"), csv);
    const there = predictInPython(modelFolder, csv);
    expect(there).toHaveLength(10_000);
    expect(greatestDifference(here, there)).toBeLessThan(1e-5);
  });

  it("are trained to the same errors within 2 % on the same held-out rows: train.py and the Batch Execution Service", async () => {
    const emulator = await startTestEmulator();
    const gap = (index: number) => (index % 40 === 4 ? { passengers: "", dropoff: "" } : {});
    const trips = generateTrips({ seed: 52, count: 20_000 }).map((trip, index) => ({ ...trip, ...gap(index) }));
    const csv = tripsAsCsv(trips);
    const [file, output] = [path.join(folder, "trips.csv"), path.join(folder, "trained")];
    writeFileSync(file, csv);
    try {
      const service = await runCli(
        ["retrain", "--data", file, "--label", "fare", "--json"],
        emulator.environment,
        folder,
      );
      expect(service.code, service.stderr).toBe(0);
      const there = JSON.parse(service.stdout).trained;
      runPython([path.join(root, "infra/scoring/train.py"), "--data", file, "--output", output]);
      const lines = readFileSync(path.join(output, "evaluation.csv"), "utf8").trim().split(/\r?\n/);
      const here = Object.fromEntries(lines.map((line) => line.split(",")));
      expect(there.isUnseen).toBe(true);
      expect(Number(here.rows)).toBe(there.rows);
      for (const metric of ["rmse", "mae", "r2"]) {
        expect(Math.abs(Number(here[metric]) / there[metric] - 1), metric).toBeLessThan(0.02);
      }
    } finally {
      await emulator.close();
    }
  });

  it("are the same file: what train.py writes predicts here what it predicts there", async () => {
    const csv = tripsAsCsv(generateTrips({ seed: 53, count: 1_000 }));
    const [file, output] = [path.join(folder, "few.csv"), path.join(folder, "few")];
    writeFileSync(file, csv);
    runPython([path.join(root, "infra/scoring/train.py"), "--data", file, "--output", output]);
    const here = await predictHere(path.join(output, "model.zip"), csv);
    expect(greatestDifference(here, predictInPython(output, csv))).toBeLessThan(1e-5);
  });

  const constant = tripsAsCsv(generateTrips({ seed: 54, count: 100 }).map((trip) => ({ ...trip, fare: "7" })));
  it.each([
    ["without one", "pickup,dropoff\n2019-03-01 00:00:00,2019-03-01 00:10:00\n", /The file lacks .*distance.*fare\./],
    ["with one value", constant, /The label column 'fare' has one value only/],
  ])("of train.py need a label: a file %s is refused by name", (_name, content, message) => {
    const file = path.join(folder, "nolabel.csv");
    writeFileSync(file, content);
    const words = [path.join(root, "infra/scoring/train.py"), "--data", file, "--output", folder];
    const { status, stderr } = spawnSync(python ?? "", words, { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});
