import { describe, expect, it } from "vitest";
import { printRetrained, type ServiceTraining } from "../../../runtime/commands/retrainReport.js";
import { createTerminal } from "../../../runtime/terminal/terminal.js";
import { testContext } from "../helpers/commandContext.js";

const metrics = { task: "regression", rows: 20, rmse: 1, mae: 1, r2: 0.9 } as const;
const trainedAt = "2024-05-01T08:00:00.123Z";

function printed(changes: Partial<ServiceTraining>, json = false): string {
  const { context, recorded } = testContext();
  const service = {
    ...({ jobId: "j1", found: "nothing", seconds: 7.46, trainedAt, evaluationFile: "e.csv" } as const),
    ...{ evaluation: Buffer.from(""), ...changes },
  };
  const dataset = {
    label: "fare",
    isTrips: true,
    csv: "",
    rows: 1_234,
    heldOut: { labels: [], columnsFor: () => ({}) },
  };
  const comparison = { trained: metrics, isUnseen: true, present: { why: "none" } };
  const trained = { model: Buffer.from(""), modelFile: "m.zip", service };
  printRetrained({ dataset, comparison, trained }, { json }, createTerminal(context));
  return recorded.out;
}

describe("the report of a training", () => {
  it.each([
    ["its length where it was all done in this call", "nothing", "learnt fare from 1,234 rows in 7.5 s (job j1)"],
    ["no length of a job that was under way before", "job", "learnt fare from 1,234 rows (job j1)"],
    [
      "when a model was made that is here already, and how to make another",
      "model",
      "learnt fare from 1,234 rows (job j1, finished 2024-05-01T08:00:00Z; --again trains anew)",
    ],
  ] as const)("tells %s", (_what, found, line) => {
    expect(printed({ found }).split("\n")[0]).toBe(line);
  });

  it("as JSON tells when the model came here", () => {
    expect(JSON.parse(printed({}, true))).toMatchObject({ event: "trained", jobId: "j1", trainedAt });
  });
});
