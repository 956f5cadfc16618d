import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { joined } from "../../emulator/environment.js";
import { cliFile, processesNaming, runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

const home = () => ({ SYNAPSE_BATCH_HOME: testStateFolder().path });

function start(environment: Readonly<Record<string, string>>, ...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [cliFile, "emulator", ...words], {
    env: joined(process.env, environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What it says until a line fits. */
async function linesUntil(stream: ChildProcess["stderr"], pattern: RegExp): Promise<string[]> {
  if (!stream) throw new Error("the child has no such stream");
  const said: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    said.push(line);
    if (pattern.test(line)) return said;
  }
  throw new Error(`no line fits ${pattern}: ${said.join("\n")}`);
}

const join = /join it from another terminal/;

it("an emulator that was killed is told of by status, with what to do; the next command heals it, at the same port", async () => {
  const environment = home();
  const first = start(environment);
  const [address = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec((await linesUntil(first.stderr, join)).join()) ?? [];
  const guest = start(environment, "exec", process.execPath, "-e", "console.log('in'); setInterval(() => {}, 1e6)");
  // exec passes the signal on; a program of the user's would outlive an exec that is killed
  onTestFinished(async () => {
    guest.kill("SIGTERM");
    await once(guest, "close");
  });
  await linesUntil(guest.stdout, /in/);
  first.kill("SIGKILL");
  await once(first, "close");

  const status = await runCli(["emulator", "status"], environment);
  expect(status).toMatchObject({ code: 3, stdout: expect.stringMatching(/^not running/) });
  expect(status.stderr).toMatch(new RegExp(`ran last as process ${first.pid} at ${address}; .* network errors`));
  expect(status.stderr).toContain("npm run emulator");

  const healed = await runCli(
    ["emulator", "exec", process.execPath, "-e", "console.log(process.env.HTTPS_PROXY)"],
    environment,
  );
  expect(healed).toMatchObject({ code: 0, stdout: `${address}\n` });
}, 30_000);

it("a command that fails after the emulator which it joined was killed is followed by that reason", async () => {
  const environment = home();
  const emulator = start(environment);
  await linesUntil(emulator.stderr, join);
  // ends when the emulator does, as a client that cannot connect any more
  const program = `console.log("in"); require("node:net").connect(new URL(process.env.HTTPS_PROXY).port, "127.0.0.1").on("close", () => process.exit(1)).on("error", () => {})`;
  const guest = start(environment, "exec", process.execPath, "-e", program);
  await linesUntil(guest.stdout, /in/);
  emulator.kill("SIGKILL");
  await linesUntil(guest.stderr, /is not there any more: npm run emulator -- status tells what to do/);
}, 30_000);

it("a second start says that its port is that of the first, and how to take another; a first one says nothing of it", async () => {
  const environment = home();
  const first = start(environment);
  expect((await linesUntil(first.stderr, join)).join()).not.toContain("--port");
  first.kill("SIGTERM");
  await once(first, "close");
  const second = start(environment);
  expect((await linesUntil(second.stderr, join)).join()).toMatch(/its port is that of the last start: --port <number>/);
  second.kill("SIGTERM");
  await once(second, "close");
  const third = start(environment, "--port", "0");
  expect((await linesUntil(third.stderr, join)).join()).not.toContain("--port");
}, 30_000);

it("status in a shell that has joined at another port tells how to join again", async () => {
  const environment = home();
  await linesUntil(start(environment).stderr, join);
  const { stdout } = await runCli(["emulator", "env"], environment);
  const [, authority = ""] = /NODE_EXTRA_CA_CERTS='([^']+)'/.exec(stdout) ?? [];
  const elsewhere = { ...environment, HTTPS_PROXY: "http://127.0.0.1:1", NODE_EXTRA_CA_CERTS: authority };
  const status = await runCli(["emulator", "status"], elsewhere);
  expect(status.code).toBe(0);
  expect(status.stderr).toContain("this shell has joined at port 1, where it no longer answers; join again: eval");
}, 30_000);

it("a deployment whose emulator cannot be started leaves no child that was to join it", async () => {
  const environment = home();
  const emulator = await runCli(["emulator", "exec", "true"], environment);
  expect(emulator.code, emulator.stderr).toBe(0);
  const taken = net.createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const refused = await runCli(["emulator", "--port", String(port), "deploy"], environment);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(`The port ${port} is taken.`) });
  expect(processesNaming(environment.SYNAPSE_BATCH_HOME)).toEqual([]);
}, 30_000);
