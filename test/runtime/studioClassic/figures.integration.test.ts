import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";
import { runCli } from "../../helpers/cli.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";
import { resultsIn } from "../../services/studioClassic/besClient.js";

const root = path.resolve(import.meta.dirname, "../../..");
const page = readFileSync(path.join(root, "docs/retraining.md"), "utf8");

/** The cells after the label of the row whose file is called so. */
function rowOf(file: string): string[] {
  const row = page.split("\n").find((line) => line.startsWith("| ") && line.includes(file)) ?? "";
  return row
    .split("|")
    .slice(3, -1)
    .map((cell) => cell.trim());
}

describe("the figures of docs/retraining.md", () => {
  let emulator: DeployedEmulator;
  beforeAll(async () => {
    emulator = await startDeployedEmulator();
  }, 60_000);
  afterAll(() => emulator?.close());

  /** Trains, and tells a row as the page has it, and the present model's error. */
  async function figuresOf(file: string, label: string) {
    const words = ["retrain", "--data", file, "--label", label, "--json"];
    const { code, stdout, stderr } = await runCli(words, emulator.environment, emulator.folder);
    expect(code, stderr).toBe(0);
    const { rows, trained, present, evaluation } = JSON.parse(stdout);
    const said = resultsIn(readFileSync(path.resolve(emulator.folder, evaluation)));
    const counts = [rows, trained.rows].map((count: number) => count.toLocaleString("en-US"));
    const errors = [trained.rmse, trained.mae, trained.r2].map((error: number) => error.toFixed(3));
    return { row: [...counts, said["model.trees"], ...errors], presentRmse: present?.rmse };
  }

  it("are what the service gives of the real shells", async () => {
    const { row } = await figuresOf(path.join(root, "node_modules/ydf-training/test/abalone.csv"), "Rings");
    expect(row).toEqual(rowOf("abalone.csv"));
  });

  it("are what it gives of 20,000 generated trips, on which the sample's own model is better", async () => {
    const file = path.join(emulator.folder, "generated.csv");
    writeFileSync(file, tripsAsCsv(generateTrips({ seed: 52, count: 20_000 })));
    const { row, presentRmse } = await figuresOf(file, "fare");
    expect(row).toEqual(rowOf("generated trips"));
    expect(page).toContain(`the sample's own model is better (RMSE ${presentRmse.toFixed(3)})`);
  }, 60_000);
});
