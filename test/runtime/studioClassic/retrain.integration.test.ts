import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BatchEndpointResource } from "../../../contract/batchEndpoint.js";
import { joined } from "../../../emulator/environment.js";
import type { PrincipalName } from "../../../emulator/platform/subscription.js";
import { workspaceIdOf } from "../../../runtime/machineLearning/deployedModel.js";
import { generateTrips, type Trip, tripsAsCsv } from "../../../samples/generateTrips.js";
import { cliFile, runCli } from "../../helpers/cli.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";

/** The tariff has gone up by half since the deployed model was made. */
const dearer = (trips: readonly Trip[]) =>
  tripsAsCsv(trips.map((trip) => ({ ...trip, fare: (Number(trip.fare) * 1.5).toFixed(1) })));

describe("npm run retrain", () => {
  let emulator: DeployedEmulator;
  let folder: string;
  beforeAll(async () => {
    emulator = await startDeployedEmulator();
    folder = mkdtempSync(path.join(tmpdir(), "retrain-"));
    writeFileSync(path.join(folder, "dearer.csv"), dearer(generateTrips({ seed: 41, count: 2_000 })));
    writeFileSync(path.join(folder, "few.csv"), tripsAsCsv(generateTrips({ seed: 42, count: 80 })));
    writeFileSync(path.join(folder, "many.csv"), tripsAsCsv(generateTrips({ seed: 43, count: 20_000 })));
  }, 60_000);
  afterAll(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true });
  });

  const environment = (principal: PrincipalName = "deployer"): Record<string, string> => ({
    ...emulator.environmentFor(principal),
    SYNAPSE_BATCH_HOME: emulator.folder,
  });
  const retrain = (...words: string[]) => runCli(["retrain", ...words], environment(), folder);
  const retrainAsOperator = (...words: string[]) => runCli(["retrain", ...words], environment("operator"), folder);
  /** By how much a run's predicted fares are above the known ones. */
  const ratios = async () => {
    const { stdout } = await emulator.run("trigger", "trigger", "--json");
    const { runId } = JSON.parse(stdout.trim().split("\n")[0] ?? "{}") as { runId: string };
    const scores = await emulator.run("deployer", "scores", runId, "--json");
    const { first } = JSON.parse(scores.stdout) as { first: { fare: number; predicted_fare: number }[] };
    return first.map((row) => row.predicted_fare / row.fare);
  };
  const defaultDeployment = async () => {
    const endpoint = `${workspaceIdOf(emulator.outputs)}/batchEndpoints/${emulator.outputs.batchEndpoint}`;
    const url = `https://management.azure.com${endpoint}?api-version=2025-12-01`;
    const found = (await emulator.call("deployer", "https://management.azure.com", url)) as BatchEndpointResource;
    return found.properties.defaults?.deploymentName;
  };

  it("shows the metrics of the new and the present model on the same held-out rows, and no secret", async () => {
    const { code, stdout, stderr } = await retrain("--data", "few.csv", "--label", "fare");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/learnt fare from 80 rows in [\d.]+ s \(job [0-9a-f]{32}\)/);
    expect(stdout).toMatch(
      /on the same 16 rows, every fifth of the file:\n +new model +present model taxi-fare:\w+ \(boosted-trees\)/,
    );
    expect(stdout).toMatch(/root mean square error +[\d.]+ +[\d.]+/);
    expect(stderr).not.toContain("beware");
    const { BES_API_KEY: key = "none", BES_STORAGE_CONNECTION_STRING: storage = "none" } = environment();
    for (const secret of [key, storage]) expect(stdout + stderr).not.toContain(secret);
  });

  it("finds the service by the stack's output where neither option nor environment names it", async () => {
    const outputs = path.join(folder, "outputs.json");
    const { BES_ENDPOINT: besEndpoint = "", ...others } = environment();
    writeFileSync(outputs, JSON.stringify({ ...emulator.outputs, besEndpoint }));
    const words = ["retrain", "--data", "few.csv", "--label", "fare", "--again", "--outputs", outputs];
    const { code, stderr } = await runCli(words, { ...others, BES_ENDPOINT: "" }, folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("submitted job");
  });

  it("refuses to promote a worse model, and the present one goes on answering", async () => {
    const { code, stderr } = await retrain("--data", "few.csv", "--label", "fare", "--promote");
    expect(code).toBe(1);
    expect(stderr).toMatch(/not promoted: it is worse than the present model taxi-fare:\w+ \(boosted-trees\)/);
    expect(await defaultDeployment()).toBe("boosted-trees");
  });

  it("promotes with an operator's roles: the next run scores with the new model, a deployment of the program keeps it, --rollback switches back", async () => {
    const promoted = await retrainAsOperator("--data", "dearer.csv", "--label", "fare", "--promote");
    expect(promoted.code, promoted.stderr).toBe(0);
    const name = /^(m-[0-9a-f]{8}) answers now instead of boosted-trees$/m.exec(promoted.stdout)?.[1];
    const previewed = await emulator.run("deployer", "emulator", "preview");
    expect(previewed).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("nothing to do") });
    const deployed = await emulator.run("deployer", "emulator", "deploy");
    expect(deployed.code, deployed.stderr).toBe(0);
    expect(await defaultDeployment()).toBe(name);
    for (const ratio of await ratios()) expect(ratio).toBeGreaterThan(1.25);

    const back = await retrainAsOperator("--rollback");
    expect(back.stdout).toContain(`boosted-trees answers now instead of ${name}`);
    expect(await defaultDeployment()).toBe("boosted-trees");
    const again = await retrainAsOperator("--rollback");
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("boosted-trees was not promoted") });
  }, 90_000);

  it("learns a user's own file by a label that is not fare, with empty cells; by force alone it is promoted, and the next run scores with it", async () => {
    const trips = generateTrips({ seed: 46, count: 1_000 }).map((trip, index) => ({
      ...trip,
      ...(index % 100 === 7 && { total: "" }),
      ...(index % 50 === 3 && { passengers: "", dropoff: "" }),
    }));
    for (const column of ["payment", "pickup_zone", "dropoff_borough"] as const) {
      expect(trips.some((trip) => trip[column] === "")).toBe(true);
    }
    writeFileSync(path.join(folder, "own.csv"), tripsAsCsv(trips));
    const words = ["--data", "own.csv", "--label", "total"];
    const learnt = await retrain(...words);
    expect(learnt.code, learnt.stderr).toBe(0);
    expect(learnt.stdout).toMatch(/learnt total from 990 rows in .*\non the same 198 rows, every fifth of the file:/);
    expect(Number(/R² +([\d.]+)/.exec(learnt.stdout)?.[1])).toBeGreaterThan(0.8);
    expect(learnt.stderr).not.toContain("beware");
    expect(learnt.stderr).toMatch(/no comparison: taxi-fare:\w+ \(boosted-trees\) predicts fare, not total/);
    const refused = await retrain(...words, "--promote");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("it predicts total, and the scores say predicted_fare");
    const promoted = await retrain(...words, "--promote", "--force");
    expect(promoted.stdout).toMatch(/^m-[0-9a-f]{8} answers now instead of boosted-trees$/m);
    const above = await ratios();
    expect(above.reduce((sum, ratio) => sum + ratio, 0) / above.length).toBeGreaterThan(1.15);
    const back = JSON.parse((await retrain("--rollback", "--json")).stdout);
    const before = /^m-\w{8}/m.exec(promoted.stdout)?.[0];
    expect(back).toEqual({ event: "rolledBack", deployment: "boosted-trees", before });
    expect(await defaultDeployment()).toBe("boosted-trees");
  }, 60_000);

  it("shows the metrics of a model that has nothing to go by: it predicts the mean", async () => {
    const rows = Array.from({ length: 200 }, (_unused, index) => `north,${(index * 37) % 101}\n`);
    writeFileSync(path.join(folder, "noise.csv"), `region,y\n${rows.join("")}`);
    const { code, stdout, stderr } = await retrain("--data", "noise.csv");
    expect(code, stderr).toBe(0);
    expect(Math.abs(Number(/R² +(-?[\d.]+)/.exec(stdout)?.[1]))).toBeLessThan(0.05);
  });

  it("interrupted while the job runs and called again goes on with the same job", async () => {
    const words = ["retrain", "--data", "many.csv", "--label", "fare"];
    const child = spawn(process.execPath, [cliFile, ...words], {
      ...{ cwd: folder, env: joined(process.env, environment()), stdio: ["ignore", "ignore", "pipe"] },
    });
    const lines = createInterface({ input: child.stderr });
    const said: string[] = [];
    const ended = once(child, "close");
    for await (const line of lines) {
      said.push(line);
      if (line.startsWith("Running")) child.kill("SIGINT");
    }
    expect(await ended).toEqual([130, null]);
    const id = /submitted job (\w+)/.exec(said.join("\n"))?.[1] ?? "none";
    expect(said.join("\n")).toContain(
      "the job goes on; come back to it: npm run retrain -- --data many.csv --label fare",
    );
    const { code, stdout, stderr } = await runCli(words, environment(), folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`going on with job ${id}`);
    expect(stdout).toContain(`(job ${id})`);
  }, 90_000);

  it("ends with exit code 5 when the time of --timeout is over, and says how to come back", async () => {
    const { code, stderr } = await retrain("--data", "many.csv", "--label", "fare", "--again", "--timeout", "2s");
    expect(code, stderr).toBe(5);
    expect(stderr).toContain("npm run retrain -- --data many.csv --label fare");
  });

  it("ends with exit code 1 and the service's Details when the job fails", async () => {
    const constant = tripsAsCsv(generateTrips({ seed: 44, count: 60 }).map((trip) => ({ ...trip, fare: "7" })));
    writeFileSync(path.join(folder, "constant.csv"), constant);
    const { code, stderr } = await retrain("--data", "constant.csv", "--label", "fare", "--task", "regression");
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: job \w+ failed: .*'fare'/);
  });

  it("names the role that a promotion needs to an identity without it", async () => {
    const { code, stderr } = await runCli(["retrain", "--rollback"], environment("trigger"), folder);
    expect(code).toBe(3);
    expect(stderr).toMatch(/AuthorizationFailed.*\nhow to solve: give this identity the role AzureML Data Scientist/);
  });

  it("ends with exit code 2 naming the file of --model that is none", async () => {
    const { code, stderr } = await retrain("--data", "few.csv", "--label", "fare", "--model", "few.csv");
    expect(code).toBe(2);
    expect(stderr).toContain("few.csv cannot score the held-out rows: The model file is not a zip of a YDF model.");
  });

  it("ends with exit code 3 on a wrong key, which it does not print", async () => {
    const key = "bm90IHRoZSBrZXk=";
    const { code, stdout, stderr } = await retrain(
      "--data",
      "dearer.csv",
      "--label",
      "fare",
      "--again",
      "--api-key",
      key,
    );
    expect(code).toBe(3);
    expect(stderr).toContain("401");
    expect(stderr).toContain("BES_API_KEY");
    expect(stdout + stderr).not.toContain(key);
  });
});
