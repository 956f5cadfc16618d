import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { BatchEndpointResource } from "../../../contract/batchEndpoint.js";
import { joined } from "../../../emulator/environment.js";
import { workspaceIdOf } from "../../../runtime/machineLearning/deployedModel.js";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";
import { cliFile, runCli } from "../../helpers/cli.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";

const words = ["retrain", "--data", "few.csv", "--label", "fare", "--promote", "--force"];
/** Every request that changes something and every look, in the order of a retraining with its promotion. */
const requests = [
  ["the upload", "PUT", "*/input.csv"],
  ["the submission", "POST", "*/jobs"],
  ["the start", "POST", "*/jobs/*/start"],
  ["a look at the job", "GET", "*/jobs/*"],
  ["the download of the model", "GET", "*/model.ilearner"],
  ["the download of the evaluation", "GET", "*/evaluation.csv"],
  ["the deletion of the job", "DELETE", "*/jobs/*"],
  ["the deletion of its input", "DELETE", "*/input.csv"],
  ["the upload of the model", "PUT", "*/model.zip"],
  ["the registration of the version", "PUT", "*/models/*/versions/*"],
  ["the deployment", "PUT", "*/batchEndpoints/*/deployments/*"],
  ["the switch of the default", "PUT", "*/batchEndpoints/{endpoint}"],
] as const;

let emulator: DeployedEmulator;
let folder: string;
beforeAll(async () => {
  emulator = await startDeployedEmulator();
  folder = mkdtempSync(path.join(tmpdir(), "killed-"));
  writeFileSync(path.join(folder, "few.csv"), tripsAsCsv(generateTrips({ seed: 45, count: 80 })));
}, 60_000);
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** Kills the command when its request has been carried out and before the answer comes; resolves with what it wrote. */
async function killedAt([what, method, place]: (typeof requests)[number]): Promise<string> {
  const at = place.replace("{endpoint}", emulator.outputs.batchEndpoint);
  emulator.faults.add({ kind: "latency", delayMs: 60_000, after: true, method, path: at, count: 1 });
  const child = spawn(process.execPath, [cliFile, ...words], {
    ...{ cwd: folder, env: joined(process.env, emulator.environment), stdio: ["ignore", "ignore", "pipe"] },
  });
  const [said, ended] = [text(child.stderr), once(child, "close")];
  await vi.waitFor(
    () => {
      expect(child.exitCode, `${what} was not sent`).toBeNull();
      expect(emulator.faults.list()).toMatchObject([{ effects: 1 }]);
    },
    { timeout: 20_000, interval: 10 },
  );
  child.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  emulator.faults.clear();
  return said;
}

const arm = "https://management.azure.com";
async function answered(below: string): Promise<unknown> {
  const workspace = workspaceIdOf(emulator.outputs);
  return emulator.call("deployer", arm, `${arm}${workspace}/${below}?api-version=2025-12-01`);
}
const namesOf = async (below: string) =>
  ((await answered(below)) as { readonly value: readonly { readonly name: string }[] }).value.map(({ name }) => name);

it("killed after each of its requests in turn, it goes on with one job, and makes one version and one deployment", async () => {
  const endpoint = `batchEndpoints/${emulator.outputs.batchEndpoint}`;
  const before = await namesOf("models/taxi-fare/versions");
  const said: string[] = [];
  for (const request of requests) said.push(await killedAt(request));
  const { code, stdout, stderr } = await runCli(words, emulator.environment, folder);
  expect(code, stderr).toBe(0);
  const ids = [...said.join("\n").matchAll(/submitted job (\w+)/g)].map(([, id]) => id);
  expect(ids).toHaveLength(1);
  expect(stdout).toContain(`(job ${ids[0]}, finished `);
  const [, name, version] = /^(m-(\w{8})) answers already$/m.exec(stdout) ?? [];
  expect((await namesOf("models/taxi-fare/versions")).sort()).toEqual([...before, version].sort());
  expect((await namesOf(`${endpoint}/deployments`)).sort()).toEqual(["boosted-trees", name]);
  const { properties } = (await answered(endpoint)) as BatchEndpointResource;
  expect(properties.defaults?.deploymentName).toBe(name);
}, 90_000);
