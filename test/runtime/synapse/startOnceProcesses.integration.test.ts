import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { joined } from "../../../emulator/environment.js";
import { cliFile, runCli } from "../../helpers/cli.js";
import { type Caller, openCaller } from "../../helpers/deployedEmulator.js";
import { startProvisionedEmulator } from "../../helpers/provisioned.js";
import type { TestEmulator } from "../../helpers/testEmulator.js";
import { provisionedWorkspace } from "../helpers/commandAgainst.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { createRun } from "./faultyStarts.js";
import { keyedParameters, listRuns, publishPipelines } from "./startPipelines.js";

// real processes with the official sign-in library, really killed
const signIn = { host: "login.microsoftonline.com", path: "*/token", method: "POST" } as const;

let emulator: TestEmulator;
let caller: Caller;
let environment: Record<string, string>;

beforeAll(async () => {
  emulator = await startProvisionedEmulator();
  await publishPipelines(emulator);
  caller = openCaller(emulator);
  const outputs = path.join(emulator.folder, "outputs.json");
  const { synapseEndpoint, ...names } = provisionedWorkspace;
  writeFileSync(
    outputs,
    JSON.stringify(sampleOutputs(synapseEndpoint, { ...names, pipelineParameters: keyedParameters })),
  );
  environment = { ...emulator.environmentFor("deployer"), STACK_OUTPUTS: outputs };
});

afterEach(() => emulator.faults.clear());

afterAll(async () => {
  await caller.close();
  await emulator.close();
});

const trigger = (key: string) => runCli(["trigger", "--detach", "--idempotency-key", key], environment);

async function runsWith(key: string): Promise<string[]> {
  const runs = await listRuns(caller);
  return runs.filter(({ parameters }) => parameters["correlationId"] === key).map(({ runId }) => runId);
}

describe("--idempotency-key in processes of their own", () => {
  it.each([
    ["after the effect: the next call finds the run", { after: true }, "was started before: following it"],
    ["before the effect: the next call starts it", {}, "started"],
  ])("the client is killed between the POST and the answer, %s", async (name, when, said) => {
    emulator.faults.add({ kind: "latency", delayMs: 600_000, path: createRun, count: 1, ...when });
    const child = spawn(process.execPath, [cliFile, "trigger", "--idempotency-key", name], {
      env: joined(process.env, environment),
      stdio: "ignore",
    });
    const hasStruck = () =>
      emulator.faults.list().some(({ applied, effects }) => ("after" in when ? effects : applied) === 1);
    await vi.waitUntil(hasStruck, { timeout: 20_000, interval: 20 });
    child.kill("SIGKILL");
    await once(child, "close");

    const { code, stdout, stderr } = await trigger(name);
    expect(code, stderr).toBe(0);
    const runs = await runsWith(name);
    expect(runs.length).toBe(1);
    expect(stdout).toContain(`run ${runs[0]} of batch-scoring in provisioned ${said}`);
  });

  it("two processes at the same time make one run, and both tell its id", async () => {
    emulator.faults.add({ kind: "latency", delayMs: 500, path: createRun });
    const ends = await Promise.all([trigger("processes"), trigger("processes")]);
    const runs = await runsWith("processes");
    expect(runs.length).toBe(1);
    for (const { code, stdout, stderr } of ends)
      expect([code, stdout], stderr).toEqual([0, expect.stringContaining(String(runs[0]))]);
    expect(emulator.faults.list()[0]?.applied).toBe(1);
  });
});

describe("faults of the sign-in", () => {
  it.each([
    ["429 with Retry-After", { kind: "throttle", retryAfterSeconds: 1 }],
    ["503", { kind: "unavailable" }],
    ["a reset", { kind: "reset" }],
  ] as const)("%s is got over: exit code 0, one run", async (name, rule) => {
    emulator.faults.add({ ...rule, ...signIn, count: 1 });
    const { code, stderr } = await trigger(name);
    expect(code, stderr).toBe(0);
    expect(emulator.faults.list()[0]?.applied).toBe(1);
    expect((await runsWith(name)).length).toBe(1);
  });

  it.each([
    ["503 for good", { kind: "unavailable" }],
    ["half an answer", { kind: "half-body" }],
  ] as const)("%s: exit code 3 and the reason, nothing was started", async (name, rule) => {
    emulator.faults.add({ ...rule, ...signIn });
    const { code, stderr } = await trigger(name);
    expect(code).toBe(3);
    expect(stderr).toContain("error: sign-in for https://dev.azuresynapse.net failed: ");
    expect(stderr).toContain("how to solve: ");
    expect(await runsWith(name)).toEqual([]);
  });
});
