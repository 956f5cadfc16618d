import path from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import { registerRetrain } from "../../../runtime/commands/registerRetrain.js";
import { runProgram } from "../../../runtime/commands/runProgram.js";
import { testContext } from "../helpers/commandContext.js";

const sample = path.resolve(import.meta.dirname, "../../../samples/example-data/taxibatch.csv");
const service = {
  BES_ENDPOINT: "https://ussouthcentral.services.azureml.net/workspaces/w/services/s",
  BES_API_KEY: "the-service-key",
  BES_STORAGE_CONNECTION_STRING: "AccountName=a;AccountKey=the-account-key",
};

async function type(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { context, recorded } = testContext({ environment });
  const program = new Command("synapse-batch");
  registerRetrain(program, context);
  await runProgram(program, ["retrain", ...words], context);
  return recorded;
}

describe("a wrong call of retrain ends with exit code 2 before anything is started", () => {
  it.each([
    ["without a file", [], service, "name a file: --data <csv>"],
    ["without a service", ["--data", sample], {}, "BES_ENDPOINT"],
    ["with a file that is not there", ["--data", "none.csv"], service, "none.csv cannot be read"],
    ["with a label that the file lacks", ["--data", sample, "--label", "price"], service, "no column 'price'"],
    ["of a promotion without a stack", ["--data", sample, "--promote"], service, "no deployed stack found"],
    ["with another task", ["--data", sample, "--task", "ranking"], service, "regression, classification"],
    ["with a time that is none", ["--data", sample, "--timeout", "soon"], service, "90s, 10m or 2h"],
    ["that trains and rolls back at once", ["--data", sample, "--rollback"], service, "cannot be used with"],
    ["of a rollback without a stack", ["--rollback"], {}, "no deployed stack found"],
  ])("%s", async (_what, words, environment, message) => {
    const { exitCode, err, out } = await type(words, environment);
    expect(exitCode).toBe(exitCodes.usage);
    expect(err).toContain(message);
    expect(out + err).not.toMatch(/the-service-key|the-account-key/);
  });
});
