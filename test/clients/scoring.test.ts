import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadForest } from "../../contract/forest.js";
import { scoreTrips } from "../helpers/scoreTrips.js";
import { requireTool } from "../helpers/tools.js";

const root = path.resolve(import.meta.dirname, "../..");
const python = requireTool("python", { args: ["-c", "import pandas, ydf"] });
/** Runs score.py as the service does: init once, run with a mini-batch, rows appended without header. */
const driver = `
import sys
import score
score.init()
rows = score.run([sys.argv[1]])
rows.to_csv(sys.argv[2], sep=" ", header=False, index=False, encoding="utf-8")
`;

describe.skipIf(!python)("score.py in Python (needs pandas and ydf)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "score-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function runPython(csv: string | Buffer) {
    const [input, output] = [path.join(folder, "in.csv"), path.join(folder, "out.csv")];
    writeFileSync(input, csv);
    const env = {
      ...process.env,
      AZUREML_MODEL_DIR: path.join(root, "samples/model"),
      PYTHONPATH: path.join(root, "infra/scoring"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const { status, stderr } = spawnSync(python ?? "", ["-c", driver, input, output], { env, encoding: "utf8" });
    return { status, stderr, scores: status === 0 ? readFileSync(output, "utf8") : "" };
  }
  const scoreHere = async (csv: string | Buffer) => {
    const forest = await loadForest(readFileSync(path.join(root, "samples/model/fare.zip")));
    return Buffer.from(scoreTrips(forest, Buffer.from(csv))).toString("utf8");
  };

  it("writes for the sample, byte for byte, what is scored here", async () => {
    const sample = readFileSync(path.join(root, "samples/example-data/taxibatch.csv"));
    const { status, stderr, scores } = runPython(sample);
    expect(status, stderr).toBe(0);
    expect(scores).toBe(await scoreHere(sample));
  });

  it("treats missing values, unknown names, quotes and blank lines alike", async () => {
    const header =
      "distance,pickup,dropoff,passengers,tolls,color,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough";
    const rows = [
      '1.5,2019-03-01 00:00:00,2019-03-01 00:10:00,1,0,yellow,"Señor ""X"", y",,Manhattan,',
      ",,,,,,,,,",
      "",
      " 2e0 ,2019-03-03T23:59:59,2019-03-04 00:10:00,,,purple, Astoria ,Nowhere,Queens,Atlantis",
    ];
    const csv = `\uFEFF${[header, ...rows].join("\r\n")}\r\n`;
    const { status, stderr, scores } = runPython(csv);
    expect(status, stderr).toBe(0);
    expect(scores).toBe(await scoreHere(csv));
  });

  const beyond =
    "distance,pickup,dropoff,passengers,tolls,color,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough\n1e300,,,,,,,,,\n";
  it.each(["pickup,dropoff\na,b\n", "", "a,b\n1\n", beyond])("refuses %j with the same words", async (csv) => {
    const { status, stderr } = runPython(csv);
    expect(status).not.toBe(0);
    const message = await scoreHere(csv).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(stderr).toContain(message);
  });
});
