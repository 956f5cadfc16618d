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
});

describe("outputs", () => {
  it("that are wrong are named, each with its place", () => {
    const wrong = { ...sampleOutputs(), synapseEndpoint: "ws1", keyVault: 5, next: undefined };
    expect(() => parseOutputs(JSON.stringify(wrong), "a.json")).toThrow(
      /a\.json does not hold the stack's outputs:\n {2}synapseEndpoint: .*\n {2}keyVault: .*\n {2}next: /,
    );
  });

  it("of a stack that was never deployed are empty, and that is said", () => {
    expect(() => parseOutputs("{}", "it")).toThrow("it holds no outputs: the stack is not deployed yet");
  });

  it("that are not JSON are refused by the file's name", () => {
    expect(() => parseOutputs("Outputs:", "a.json")).toThrow(/a\.json is not JSON/);
  });
});
