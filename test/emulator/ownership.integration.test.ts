import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { joined } from "../../emulator/environment.js";
import { joinOrStart, statusOf } from "../../emulator/ownership.js";
import { cliFile, runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

// two processes of the command at once, as in two terminals
const folder = testStateFolder();
const home = { SYNAPSE_BATCH_HOME: folder.path };
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** `emulator exec` of a program that says `here` and ends when its stdin does. */
async function inside(): Promise<ChildProcess> {
  const program = "process.stdout.write('here'); process.stdin.resume()";
  const child = spawn(process.execPath, [cliFile, "emulator", "exec", process.execPath, "-e", program], {
    env: joined(process.env, home),
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  if (child.stdout) await once(child.stdout, "data");
  return child;
}

describe("emulator exec", () => {
  it("joins the emulator that runs, which lives until the last joined command has ended", async () => {
    const owner = await inside();
    const guest = await inside();
    const first = await statusOf(folder);
    expect(first).toMatchObject({ pid: owner.pid, leases: 1 });

    const ownerEnded = once(owner, "close");
    owner.stdin?.end();
    // a third command comes and goes while the owner only waits for its guest
    const third = await runCli(["emulator", "exec", process.execPath, "-e", "process.exit(7)"], home);
    expect(third.code).toBe(7);
    expect(await statusOf(folder)).toEqual(first);

    guest.stdin?.end();
    expect(await once(guest, "close")).toEqual([0, null]);
    expect(await ownerEnded).toEqual([0, null]);
    expect(await statusOf(folder)).toBeUndefined();
  });

  it("emulator status answers 0 while one runs and 3 when none does", async () => {
    const place = await joinOrStart({ folder, clock: systemClock(), environment: {}, log: () => {} });
    const running = await runCli(["emulator", "status"], home);
    expect(running).toMatchObject({ code: 0, stdout: expect.stringMatching(/^running: process \d+, http:\/\/127/) });
    await place.leave();
    expect((await runCli(["emulator", "status"], home)).code).toBe(3);
  });

  it("takes a stranger that holds the old port and never answers for no emulator", async () => {
    const stranger = net.createServer(() => {}).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const { port } = stranger.address() as AddressInfo;
    const other = testStateFolder();
    other.announce({ pid: 1, port, token: "old" });
    expect(await statusOf(other)).toBeUndefined();
    stranger.close();
  });

  it("emulator env names the state folder where the caller has named one, in full", async () => {
    const place = await joinOrStart({ folder, clock: systemClock(), environment: {}, log: () => {} });
    const relative = { SYNAPSE_BATCH_HOME: path.relative(process.cwd(), folder.path) };
    const { stdout } = await runCli(["emulator", "env"], relative);
    await place.leave();
    expect(stdout).toContain(`export SYNAPSE_BATCH_HOME='${folder.path}'\n`);
  });

  it("emulator env is refused while none runs, with the line that starts one", async () => {
    const { code, stderr } = await runCli(["emulator", "env"], home);
    expect(code).toBe(3);
    expect(stderr).toContain("npm run emulator");
  });

  it.each([
    [
      127,
      "is not there",
      ["no-such-command-anywhere"],
      "'no-such-command-anywhere' could not be started: there is no such",
    ],
    [126, "cannot be executed", [testStateFolder().path], "could not be started: it cannot be executed"],
    [137, "was killed", [process.execPath, "-e", "process.kill(process.pid, 'SIGKILL')"], ""],
  ])("exits %i, as a shell does, with a command that %s", async (expected, _what, words, sentence) => {
    const { code, stderr } = await runCli(["emulator", "exec", ...words], home);
    expect(code).toBe(expected);
    expect(stderr).toContain(sentence);
  });
});
