import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { correlationParameter } from "../contract/parameters.js";
import { requireTool, toolsPath } from "../test/helpers/tools.js";
import { type DeployedProcess, finished, startDeployedProcess } from "./deployedProcess.js";
import { launcher } from "./emulatorProcess.js";
import type { Figure } from "./figure.js";
import { compared, interleaved } from "./interleaved.js";

const rounds = 5;
const pipeline = "light";
const bareStart = path.join(import.meta.dirname, "bareStart.js");

/** `trigger --detach` as a whole process beside a bare script that sends the same requests and beside `az`, in turn. */
export async function triggering(): Promise<Figure[]> {
  const emulator = await startDeployedProcess();
  const azureFolder = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-az-"));
  try {
    await emulator.publish(pipeline, {
      parameters: { [correlationParameter]: { type: "String", defaultValue: "" } },
      activities: [{ name: "wait", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } }],
    });
    emulator.select(pipeline);
    const environment = { ...emulator.environmentOf("trigger"), AZURE_CONFIG_DIR: azureFolder, PATH: toolsPath() };
    const trigger = () => finished(process.execPath, [launcher, "trigger", "--detach"], environment);
    const bare = () => finished(process.execPath, [bareStart], environment);
    const throughNpm = () => finished("npm", ["run", "trigger", "--", "--detach"], environment);
    await requireSameRequests(trigger, bare, emulator);
    const az = await azureStart(environment, emulator.workspace);
    const works = [trigger, bare, throughNpm, ...(az ? [az] : [])];
    const [own = [], least = [], byNpm = [], azures] = await interleaved(works, rounds);
    const command = "trigger --detach";
    const peer = "az synapse pipeline create-run";
    return [
      compared(command, own, "bare node:https", least),
      ...(azures ? [compared(`${command}, beside az`, own, peer, azures)] : []),
      ...(azures ? [compared(`npm run ${command}, beside az`, byNpm, peer, azures)] : []),
    ];
  } finally {
    await emulator.close();
    rmSync(azureFolder, { recursive: true, force: true });
  }
}

/** The comparison holds only where both send as many requests; this first call of each also warms the emulator. */
async function requireSameRequests(
  trigger: () => Promise<number>,
  bare: () => Promise<number>,
  emulator: DeployedProcess,
): Promise<void> {
  const sent = await emulator.count("*");
  await trigger();
  const ours = await sent();
  await bare();
  const theirs = (await sent()) - ours;
  await emulator.stopCounting();
  if (ours !== theirs) throw new Error(`trigger sends ${ours} requests, the bare script ${theirs}`);
}

/** Starts a run with az, whose first call keeps the token for the others; undefined where the machine has no az. */
async function azureStart(
  environment: NodeJS.ProcessEnv,
  workspace: string,
): Promise<(() => Promise<number>) | undefined> {
  const az = requireTool("az");
  if (az === undefined) {
    process.stderr.write("skipped: trigger --detach beside az (there is none)\n");
    return undefined;
  }
  const identity = [
    "--username",
    environment["AZURE_CLIENT_ID"] ?? "",
    `--password=${environment["AZURE_CLIENT_SECRET"]}`,
  ];
  const tenant = ["--tenant", environment["AZURE_TENANT_ID"] ?? "", "--allow-no-subscriptions"];
  await finished(az, ["login", "--service-principal", ...identity, ...tenant], environment);
  const start = () =>
    finished(az, ["synapse", "pipeline", "create-run", "--workspace-name", workspace, "--name", pipeline], environment);
  await start();
  return start;
}
