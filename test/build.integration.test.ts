import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickCommands } from "../bin/quick.js";
import { deployedParametersHelp } from "../runtime/commands/parametersHelp.js";
import { registerRuntimeCommands } from "../runtime/commands/register.js";
import { copyProject, type ProjectCopy } from "./helpers/projectCopy.js";
import { startProvisionedEmulator } from "./helpers/provisioned.js";
import { provisionedWorkspace } from "./runtime/helpers/commandAgainst.js";
import { testContext } from "./runtime/helpers/commandContext.js";
import { sampleOutputs } from "./runtime/helpers/sampleOutputs.js";

const past = new Date(2000, 0, 1);
const manifest = { version: "1.2.3" };
/** Of a test that builds: a second on an idle machine. */
const timeout = 60_000;
const help = ["outputs", "--help"];
const summary = "what is deployed: names, addresses";

let copy: ProjectCopy;

beforeAll(() => {
  copy = copyProject();
  const file = path.join(copy.folder, "package.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...manifest }));
});

afterAll(() => copy.close());

const inDist = (name: string) => path.join(copy.folder, "dist", name);

/** What V8 compiled for calls of this name, in a file each. */
function keptFiles(call: string): string[] {
  const names = readdirSync(inDist(".")).filter((name) => name.startsWith(`commands.cjs.${call}.`));
  return names.map(inDist);
}

function only(files: readonly string[]): string {
  const [file = "", ...others] = files;
  expect(others).toEqual([]);
  return file;
}

/** Replaces text of a source by other text of the same length. */
function edit(source: string, from: string, to: string): void {
  const file = path.join(copy.folder, source);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

describe("the launcher", () => {
  it("builds in a fresh clone, where two commands start at once", { timeout }, async () => {
    const [version, helped] = await Promise.all([copy.run(["--version"]), copy.run(help)]);
    expect(version).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
    expect(helped).toMatchObject({ code: 0, stdout: expect.stringContaining(summary), stderr: "" });
  });

  it("rebuilds a stale bundle, and commands that run at that moment do not notice", { timeout }, async () => {
    const stamps = ["built.all", "built.commands"].map(inDist);
    for (const stamp of stamps) utimesSync(stamp, past, past);
    const results = await Promise.all([1, 2].map(() => copy.run(["--version"])));
    expect(results).toEqual(results.map(() => ({ code: 0, stdout: "1.2.3\n", stderr: "" })));
    for (const stamp of stamps) expect(statSync(stamp).mtimeMs).toBeGreaterThan(past.getTime());
  });

  it("never runs a source as it was before an edit, not even to the same length, and clears up", {
    timeout,
  }, async () => {
    const [old, recent] = [inDist("chunk-OLD.js"), inDist("chunk-RECENT.js")];
    for (const file of [old, recent]) writeFileSync(file, "");
    utimesSync(old, past, past);
    expect((await copy.run(help)).stdout).toContain(summary);
    edit("runtime/commands/register.ts", summary, summary.toUpperCase());
    expect((await copy.run(help)).stdout).toContain(summary.toUpperCase());
    expect((await copy.run(["help", "outputs"])).stdout).toContain(summary.toUpperCase());
    // of earlier builds, a process that was started yesterday may still load a part
    expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
  });

  it("lays out text beyond ASCII in the bundle as outside of it", { timeout }, async () => {
    const environment = { STACK_OUTPUTS: inDist("outputs.json") };
    const parameters = ["größe日本", "size"].map((name) => [name, { type: "String", defaultValue: `👍${name}` }]);
    writeFileSync(environment.STACK_OUTPUTS, JSON.stringify({ pipelineParameters: Object.fromEntries(parameters) }));
    const { stdout } = await copy.run(["trigger", "--help"], environment);
    expect(stdout).toContain(deployedParametersHelp(testContext({ environment }).context));
    expect(stdout).toContain("größe日本");
  });

  it("knows each command that works on a deployed stack as a quick one", () => {
    const program = new Command();
    registerRuntimeCommands(program, testContext({}).context);
    expect([...quickCommands].sort()).toEqual(program.commands.map((command) => command.name()).sort());
  });
});

describe("what V8 has compiled for a quick command", () => {
  it.each([
    ["cut off", (file: string) => truncateSync(file, statSync(file).size / 2)],
    ["empty", (file: string) => truncateSync(file, 0)],
    ["damaged", (file: string) => writeFileSync(file, readFileSync(file).fill(7, 5_000, 6_000))],
  ])("costs no more than time where it is %s, and is replaced", async (_name, damage) => {
    const sound = await copy.run(help);
    const file = only(keptFiles("help"));
    const { size } = statSync(file);
    damage(file);
    utimesSync(file, past, past);
    expect(await copy.run(help)).toEqual(sound);
    expect(statSync(file).mtimeMs).toBeGreaterThan(past.getTime());
    expect(statSync(file).size).toBeGreaterThan(size * 0.9);
  });

  it("is no loss where it cannot be written", async () => {
    const sound = await copy.run(help);
    const file = only(keptFiles("help"));
    rmSync(file);
    mkdirSync(file);
    expect(await copy.run(help)).toEqual(sound);
    rmSync(file, { recursive: true });
  });

  it("is kept apart for a node that runs with other flags", async () => {
    await copy.run(help);
    await copy.run(help, { NODE_OPTIONS: "--max-semi-space-size=2" });
    expect(keptFiles("help").length).toBe(2);
  });

  it("is taken by the next call of a command that sends requests; a call that fails keeps none", async () => {
    const emulator = await startProvisionedEmulator();
    try {
      const { synapseEndpoint, ...names } = provisionedWorkspace;
      const outputs = inDist("outputs.json");
      writeFileSync(outputs, JSON.stringify(sampleOutputs(synapseEndpoint, names)));
      const joining = emulator.environmentFor("deployer");
      expect((await copy.run(["runs"], { PATH: "" })).code).not.toBe(0);
      expect(keptFiles("runs")).toEqual([]);
      const call = () => copy.run(["runs", "--outputs", outputs], joining);
      const first = await call();
      expect(first, first.stderr).toMatchObject({ code: 0 });
      const file = only(keptFiles("runs"));
      utimesSync(file, past, past);
      expect(await call()).toEqual(first);
      expect(statSync(file).mtimeMs).toBe(past.getTime());
    } finally {
      await emulator.close();
    }
  });
});
