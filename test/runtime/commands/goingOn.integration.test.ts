import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { audiences } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { joined } from "../../../emulator/environment.js";
import { cancelDocument } from "../../../runtime/commands/documents.js";
import { workspaceIdOf } from "../../../runtime/machineLearning/deployedModel.js";
import { cliFile } from "../../helpers/cli.js";
import { type DeployedEmulator, startDeployedEmulatorWithEndlessJobs } from "../../helpers/deployedEmulator.js";

const patience = { timeout: 20_000, interval: 50 };

let azure: DeployedEmulator;

beforeAll(async () => {
  azure = await startDeployedEmulatorWithEndlessJobs();
}, 60_000);

afterAll(() => azure?.close());

function resourceManager(below: string): Promise<unknown> {
  const url = `https://management.azure.com${workspaceIdOf(azure.outputs)}${below}?api-version=2024-10-01`;
  return azure.call("deployer", audiences.resourceManager[0], url);
}

/** Waits until there is a batch job that goes on; resolves with its name. */
async function runningJob(): Promise<string> {
  const running = async () => {
    const { value } = (await resourceManager("/jobs")) as { value: { name: string; properties: JsonObject }[] };
    return value.find(({ properties }) => properties["status"] === "Running")?.name;
  };
  return String(await vi.waitUntil(running, patience));
}

async function jobStatus(name: string): Promise<unknown> {
  const { properties } = (await resourceManager(`/jobs/${name}`)) as { properties: JsonObject };
  return properties["status"];
}

async function runStatus(runId: string): Promise<unknown> {
  const url = `${azure.outputs.synapseEndpoint}/pipelineruns/${runId}?api-version=2020-12-01`;
  return ((await azure.call("deployer", audiences.synapse[0], url)) as JsonObject)["status"];
}

describe("a run whose batch job goes on", () => {
  it("is cancelled with the job by an operator's cancel", async () => {
    const started = await azure.run("trigger", "trigger", "--detach", "--json");
    const { runId } = JSON.parse(started.stdout.split("\n")[0] ?? "") as { runId: string };
    const job = await runningJob();
    await vi.waitUntil(async () => (await azure.run("operator", "runs", "--json")).stdout.includes(runId), patience);
    const { code, stdout } = await azure.run("operator", "cancel", runId, "--json");
    expect(code).toBe(0);
    const document = cancelDocument.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ status: "Cancelled", wasOver: false });
    expect(document.jobs).toMatchObject([{ name: job, status: "Running", outcome: "requested", sentence: null }]);
    expect(await runStatus(runId)).toBe("Cancelled");
    await vi.waitUntil(async () => (await jobStatus(job)) === "Canceled", patience);
  }, 40_000);

  it("ends with the command by a real Ctrl-C with --on-interrupt cancel: exit code 4", async () => {
    const { code, runId, job } = await interrupted("--on-interrupt", "cancel");
    expect(code).toBe(4);
    expect(await runStatus(runId)).toBe("Cancelled");
    await vi.waitUntil(async () => (await jobStatus(job)) === "Canceled", patience);
  }, 40_000);

  it("outlives the command after a real Ctrl-C without it: exit code 130 and how to come back", async () => {
    const { code, out, runId, job } = await interrupted();
    expect(code).toBe(130);
    expect(out).toContain(`run ${runId} goes on; come back with: `);
    expect([await runStatus(runId), await jobStatus(job)]).toEqual(["InProgress", "Running"]);
    await azure.run("operator", "cancel", runId);
  }, 40_000);
});

/** Types `trigger` as an operator in a process of its own, which gets SIGINT when it has shown that the job was started. */
async function interrupted(...words: readonly string[]) {
  const environment = { ...azure.environmentFor("operator"), SYNAPSE_BATCH_HOME: azure.folder };
  const child = spawn(process.execPath, [cliFile, "trigger", ...words], {
    env: joined(process.env, environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let seen = "";
  child.stdout.on("data", (chunk) => {
    seen += String(chunk);
  });
  const ended = Promise.all([text(child.stderr), once(child, "close")]);
  await vi.waitUntil(() => seen.includes("wait_for_job"), patience);
  const job = await runningJob();
  child.kill("SIGINT");
  const [, [code]] = await ended;
  return { code, out: seen, runId: /run ([\w-]{36}) /.exec(seen)?.[1] ?? "", job };
}
