import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findStack } from "../../../runtime/stack/findStack.js";
import { parseOutputs } from "../../../runtime/stack/parseOutputs.js";
import { testContext } from "../helpers/commandContext.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";

async function folder(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "stack-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text);
  return directory;
}

const one = JSON.stringify(sampleOutputs("https://one.dev.azuresynapse.net"));
const two = JSON.stringify(sampleOutputs("https://two.dev.azuresynapse.net"));

describe("the stack", () => {
  it("is the one of --outputs before that of STACK_OUTPUTS", async () => {
    const directory = await folder({ "one.json": one, "two.json": two });
    const { context } = testContext({ directory, environment: { STACK_OUTPUTS: path.join(directory, "two.json") } });
    expect((await findStack({ outputs: "one.json" }, context)).synapseEndpoint).toBe(
      "https://one.dev.azuresynapse.net",
    );
    expect((await findStack({}, context)).synapseEndpoint).toBe("https://two.dev.azuresynapse.net");
  });

  it("is read from standard input with --outputs -", async () => {
    const half = Math.floor(one.length / 2);
    const stdin = (async function* () {
      yield Buffer.from(one.slice(0, half));
      yield one.slice(half);
    })();
    const { context } = testContext({ stdin });
    expect((await findStack({ outputs: "-" }, context)).synapseWorkspace).toBe("ws1");
  });

  it("that STACK_OUTPUTS names without a file is said so, with the file's name", async () => {
    const { context } = testContext({ environment: { STACK_OUTPUTS: "/nowhere/outputs.json" } });
    await expect(findStack({}, context)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("STACK_OUTPUTS names /nowhere/outputs.json, which cannot be read"),
      cure: expect.stringContaining("npm start"),
    });
  });

  it("is never guessed where two are named", async () => {
    const { context } = testContext({ environment: { STACK_OUTPUTS: "/nowhere/outputs.json" } });
    await expect(findStack({ stack: "prod" }, context)).rejects.toMatchObject({
      exitCode: 2,
      message: "two stacks are named: --stack prod and STACK_OUTPUTS=/nowhere/outputs.json",
    });
  });

  it("that is not there: both ways to get one are printed, exit code 2", async () => {
    const { context } = testContext({ directory: await folder({}) });
    await expect(findStack({}, context)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("no deployed stack found: no Pulumi.yaml stands in"),
      cure: expect.stringMatching(/pulumi up[\s\S]*npm start/),
    });
  });

  it("that is not there: the caller's own way to one is a line of the cure", async () => {
    const { context } = testContext({ directory: await folder({}), elsewhere: "of a colleague:  npm run join" });
    await expect(findStack({}, context)).rejects.toMatchObject({
      cure: expect.stringContaining("npm start\n  of a colleague:  npm run join\nor name one"),
    });
  });

  it("in a file that is not there: the cure says once to deploy", async () => {
    const { context } = testContext({ directory: await folder({}) });
    await expect(findStack({ outputs: "none.json" }, context)).rejects.toMatchObject({
      exitCode: 2,
      cure: expect.not.stringMatching(/deploy[\s\S]*deploy/),
    });
  });

  it("in a file without outputs: every member that is missing is named, and both commands that print them", async () => {
    const environment = { SYNAPSE_BATCH_PREFIX: "npm run wrap -- exec" };
    const { context } = testContext({ directory: await folder({ "empty.json": "{}" }), environment });
    await expect(findStack({ outputs: "empty.json" }, context)).rejects.toMatchObject({
      exitCode: 2,
      message: `empty.json holds no outputs: is the stack deployed?\n  missing: ${Object.keys(sampleOutputs()).join(", ")}`,
      cure: "it must hold what `npm run wrap -- exec npm run -s outputs -- --json` or `pulumi stack output --json` prints for a deployed stack",
    });
  });
});

describe("outputs", () => {
  const cure = "write it anew";

  it("that are wrong are named, each with its place", () => {
    const wrong = { ...sampleOutputs(), synapseEndpoint: "ws1", keyVault: 5, next: undefined };
    expect(() => parseOutputs(JSON.stringify(wrong), "a.json", cure)).toThrow(
      /a\.json does not hold the stack's outputs:\n {2}synapseEndpoint: .*\n {2}keyVault: .*\n {2}missing: next$/,
    );
  });

  it("of a stack that was never deployed are empty, and that is said", () => {
    expect(() => parseOutputs("{}", "it", cure)).toThrow("it holds no outputs: is the stack deployed?");
  });

  it("that are not JSON are refused by the file's name", () => {
    expect(() => parseOutputs("Outputs:", "a.json", cure)).toThrow(/a\.json is not JSON/);
  });
});
