import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

// two whole starts, for real
const trips = [
  "pickup,dropoff,passengers,distance,tolls,color,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough",
  "2019-03-23 20:21:09,2019-03-23 20:33:24,1,1.6,0,yellow,Astoria,Astoria,Manhattan,Manhattan",
  "2019-03-23 20:21:09,2019-03-23 20:33:24,1,2.6,0,yellow,Astoria,Astoria,Manhattan,Manhattan",
];

it("two npm start at once on one state folder: one waits for the other, and each scores its own file", async () => {
  const folder = testStateFolder();
  const home = { SYNAPSE_BATCH_HOME: folder.path };
  const blanks = path.join(folder.path, "with blanks");
  mkdirSync(blanks);
  const file = path.join(blanks, "trips.csv");
  writeFileSync(file, `${trips.join("\n")}\n`);
  const start = (...words: string[]) => runCli(["start", "--offline", ...words], home);
  const [ofUser, ofSample] = await Promise.all([start("--data", file), start()]);
  expect([ofUser.code, ofSample.code], ofUser.stderr + ofSample.stderr).toEqual([0, 0]);
  expect(ofUser.stdout).toContain("2 rows scored");
  expect(ofSample.stdout).toContain("2500 rows scored");
  expect(ofUser.stderr + ofSample.stderr).toMatch(
    /^waiting: npm start \(process \d+\) is at work on the state folder/m,
  );
  expect(ofUser.stderr).toContain(`$ npm run emulator -- deploy --input '${file}'\n`);
}, 120_000);
