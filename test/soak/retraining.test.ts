import { afterAll, beforeAll, expect, it } from "vitest";
import { generateTrips, tripsAsCsv } from "../../samples/generateTrips.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";
import { type BesClient, openBesClient, resultsIn } from "../services/studioClassic/besClient.js";

const rows = 200_000;
let emulator: TestEmulator;
let bes: BesClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  bes = openBesClient(emulator);
  await bes.upload("data/trips.csv", tripsAsCsv(generateTrips({ seed: 200, count: rows })));
}, 60_000);
afterAll(async () => {
  await bes.close();
  await emulator.close();
});

it("the retraining service learns the fares of 200,000 generated trips", async () => {
  const { StatusCode, Details } = await bes.run({
    Inputs: { input1: bes.blob("data/trips.csv") },
    Outputs: { output1: bes.blob("data/model.ilearner"), output2: bes.blob("data/results.csv") },
    GlobalParameters: { Label: "fare" },
  });
  expect([StatusCode, Details]).toEqual([4, undefined]);
  const said = resultsIn((await bes.read(await bes.signedRead("data/results.csv"))).bytes);
  expect(said).toMatchObject({ "model.rows_trained": "160000", "model.rows_held_out": "40000" });
  expect(Number(said["metric.mae"])).toBeLessThan(0.6);
  expect(Number(said["metric.r2"])).toBeGreaterThan(0.99);
}, 300_000);
