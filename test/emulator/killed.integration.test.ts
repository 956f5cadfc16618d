import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { joined } from "../../emulator/environment.js";
import { cliFile, runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

// real processes, really killed
const folder = testStateFolder();
const environment = joined(process.env, { SYNAPSE_BATCH_HOME: folder.path });
const children: ChildProcess[] = [];

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [cliFile, ...words], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

/** Starts an emulator in the foreground; resolves when it answers. */
async function startEmulator(): Promise<ChildProcess> {
  const child = start("emulator");
  await lineOf(child, "stderr", /answers at/);
  return child;
}

/** The first line of the child's output that fits; the rest of the output flows on. */
function lineOf(child: ChildProcess, stream: "stdout" | "stderr", pattern: RegExp): Promise<string> {
  const source = child[stream];
  if (!source) throw new Error("the child has no such stream");
  return new Promise((resolve, reject) => {
    createInterface({ input: source }).on("line", (line) => {
      if (pattern.test(line)) resolve(line);
    });
    child.once("close", (code) => reject(new Error(`the process ended with ${code} before a line fitted ${pattern}`)));
  });
}

beforeAll(async () => {
  const { code, stderr } = await runCli(["emulator", "deploy"], { SYNAPSE_BATCH_HOME: folder.path });
  expect(code, stderr).toBe(0);
}, 60_000);

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

it("a run goes on after the emulator was killed: the watching trigger ends green, and there is one job", async () => {
  const first = await startEmulator();
  // long enough for a poll of the watch to meet it
  const slow = ["fault", "add", "latency", "--host", "*.inference.ml.azure.com", "--method", "GET", "--delay", "5000"];
  expect((await runCli(["emulator", ...slow], { SYNAPSE_BATCH_HOME: folder.path })).code).toBe(0);
  const trigger = start("emulator", "exec", "--as", "trigger", process.execPath, cliFile, "trigger", "--json");
  const ended = once(trigger, "close");
  await lineOf(trigger, "stdout", /"activity":"wait_for_job".*"status":"InProgress"/);
  first.kill("SIGKILL");
  await once(first, "close");

  const second = await startEmulator();
  expect(await ended).toEqual([0, null]);
  second.kill("SIGTERM");
  await once(second, "close");

  const store = folder.openStore();
  try {
    expect(store.all("SELECT COUNT(*) AS jobs FROM machine_learning_jobs")).toEqual([{ jobs: 1 }]);
  } finally {
    store.close();
  }
}, 60_000);

it("a run that is still going when the last command ends is told of, and goes on at the next start", async () => {
  const home = { SYNAPSE_BATCH_HOME: folder.path };
  const inside = ["emulator", "exec", "--as", "trigger", process.execPath, cliFile];
  const detached = await runCli([...inside, "trigger", "--detach", "--json"], home);
  expect(detached.code, detached.stderr).toBe(0);
  const { runId } = JSON.parse(detached.stdout.split("\n")[0] ?? "");
  expect(detached.stderr).toContain(`run ${runId} is not finished; it goes on when the emulator starts again`);

  const watched = await runCli([...inside, "monitor", runId], home);
  expect(watched.code, watched.stderr).toBe(0);
  expect(watched.stdout).toContain("run Succeeded");
});
