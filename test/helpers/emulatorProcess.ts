import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { ProxyAgent } from "undici";
import { joined } from "../../emulator/environment.js";
import { joinRunning } from "../../emulator/ownership.js";
import type { StateFolder } from "../../emulator/stateFolder.js";
import { cliFile } from "./cli.js";
import { type Caller, openCaller } from "./deployedEmulator.js";

/** An emulator in a process of its own, as a user's terminal runs it. */
export interface EmulatorProcess extends Caller {
  readonly child: ChildProcess;
  /** Ends it by a signal and resolves when it has ended. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

/** Starts one on a state folder; resolves when it answers. */
export async function startEmulatorProcess(folder: StateFolder): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [cliFile, "emulator", "--offline"], {
    env: joined(process.env, { SYNAPSE_BATCH_HOME: folder.path }),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close");
  await answering(child);
  const place = await joinRunning(folder);
  if (!place) throw new Error("the emulator that was started cannot be joined");
  const ca = readFileSync(place.environmentFor("deployer")["NODE_EXTRA_CA_CERTS"] ?? "", "utf8");
  const caller = openCaller(place, new ProxyAgent({ uri: place.proxyUrl, requestTls: { ca } }));
  // a lease would be one more client that the process waits for
  await place.leave();
  return {
    child,
    call: caller.call,
    close: () => caller.close(),
    async end(signal) {
      child.kill(signal);
      await ended;
      await caller.close();
    },
  };
}

function answering(child: ChildProcess): Promise<void> {
  if (!child.stderr) throw new Error("the child has no stderr");
  const lines = createInterface({ input: child.stderr });
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      said.push(line);
      if (line.includes("answers at")) resolve();
    });
    child.once("close", (code) => reject(new Error(`the emulator ended with ${code}: ${said.join("\n")}`)));
  });
}
