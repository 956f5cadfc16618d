import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { testStateFolder } from "../helpers/testEmulator.js";

// the file is deployed, scored and read back for real
const folder = testStateFolder().path;
const known = [
  "fare,pickup,dropoff,passengers,distance,tolls,color,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough",
  "9.5,2019-03-23 20:21:09,2019-03-23 20:33:24,1,1.6,0,yellow,Plaza de las Américas,Łódź Square,Manhattan,Manhattan",
  ",2019-03-23 20:21:09,2019-03-23 20:33:24,1,,0,yellow,Plaza de las Américas,Łódź Square,Manhattan,Manhattan",
  "0,2019-03-23 20:21:09,2019-03-23 20:33:24,1,0,0,yellow,Plaza de las Américas,Łódź Square,Manhattan,Manhattan",
];
let emulator: DeployedEmulator;

function file(name: string, lines: readonly string[]): string {
  const place = path.join(folder, name);
  writeFileSync(place, `${lines.join("\n")}\n`);
  return place;
}

interface Scores {
  readonly rows: number;
  readonly known: number;
  readonly first: readonly Record<string, string | number | null>[];
}

/** Runs the pipeline; the id of the run. */
async function score(): Promise<string> {
  const { code, stdout, stderr } = await emulator.run("trigger", "trigger", "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.split("\n")[0] ?? "").runId;
}

beforeAll(async () => {
  emulator = await startDeployedEmulator("--input", file("known.csv", known));
}, 60_000);
afterAll(() => emulator.close());

describe("a user's own file", () => {
  it("is scored whatever its columns' order; names beyond ASCII survive to the output", async () => {
    const shown = await emulator.run("operator", "scores", await score(), "--json");
    const scores = JSON.parse(shown.stdout) as Scores;
    expect(scores).toMatchObject({ rows: 3, known: 2 });
    expect(scores.first[0]).toMatchObject({ pickup_zone: "Plaza de las Américas", dropoff_zone: "Łódź Square" });
    const [full, empty, zero] = scores.first.map((row) => Number(row["predicted_fare"]));
    expect(scores.first[1]).toMatchObject({ fare: null, distance: null });
    // an empty cell is a missing value, which the trees treat otherwise than a distance of nothing
    expect(empty).not.toBe(zero);
    expect(full).toBeGreaterThan(5);
    expect(full).toBeLessThan(15);
  });

  it("without the known fare is scored without the error line; deploying it changes the input alone", async () => {
    const unknown = known.map((line) => line.slice(line.indexOf(",") + 1));
    const deployed = await emulator.run("deployer", "emulator", "deploy", "--input", file("unknown.csv", unknown));
    expect(deployed.stderr).toMatch(/: 1 (updated|created), \d+ unchanged/);
    const shown = await emulator.run("operator", "scores", await score());
    expect(shown.stdout).toContain("3 rows scored");
    expect(shown.stdout).not.toContain("error against the known fares");
  });

  it("stays the pipeline's input until a deployment without one, which would put the sample back", async () => {
    expect((await emulator.run("deployer", "emulator", "preview")).stdout).toMatch(
      /^ {2}update {3}input-file {2}Blob$/m,
    );
  });

  it("that the job could not read is refused before it is deployed, with the row that is broken", async () => {
    const broken = file("broken.csv", [...known, '1,"2019-03-23 20:21:09']);
    const { code, stderr } = await emulator.run("deployer", "emulator", "deploy", "--input", broken);
    expect(code).toBe(2);
    expect(stderr).toContain("Row 4 has a quote that is not closed");
  });
});

it("npm start --data with a file that lacks columns names them, exits 2 and starts nothing", async () => {
  const lacking = file(
    "lacking.csv",
    known.map((line) => line.split(",").slice(0, 4).join(",")),
  );
  const { code, stdout, stderr } = await emulator.run("deployer", "start", "--data", lacking);
  expect(code).toBe(2);
  expect(stderr).toContain("lacks the columns distance, tolls, color, pickup_zone");
  expect(stdout + stderr).not.toContain("emulator  ");
  expect(readFileSync(lacking, "utf8")).not.toContain("distance");
});
