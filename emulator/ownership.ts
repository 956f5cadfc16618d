import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import type { Clock } from "../contract/clock.js";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { randomIds } from "../contract/ids.js";
import { askControl } from "./askControl.js";
import type { EmulatorStatus } from "./control.js";
import { joiningEnvironment, upstreamProxyOf } from "./environment.js";
import { type Emulator, startEmulator } from "./main.js";
import { openDirectory } from "./platform/directory.js";
import type { PrincipalName } from "./platform/subscription.js";
import { clientVariables } from "./services/studioClassic/credentials.js";
import type { Announcement, StateFolder } from "./stateFolder.js";

/** How long a starting emulator is waited for, and between two looks. */
const startDeadlineMs = 15_000;
const lookIntervalMs = 50;

/** The right to use an emulator that runs on the state folder: this process's own, or another's. */
export interface Joined {
  readonly proxyUrl: string;
  /** Whether this process runs it. */
  readonly own: boolean;
  environmentFor(principal: PrincipalName): Record<string, string>;
  /** Gives the right back; the owner's call waits until every joined command has ended, then ends the emulator. */
  leave(): Promise<void>;
  /** Ends at once, whoever has joined. */
  abandon(): Promise<void>;
}

/** The user's wishes for an emulator that is started; one that runs already has its own. */
export interface StartSettings {
  readonly port?: number | undefined;
  readonly offline?: boolean | undefined;
  /** How long after their acceptance roles and address rules take effect. */
  readonly propagationMs?: number | undefined;
  /** How many times as fast as a watch the emulator's time runs. */
  readonly timeScale?: number | undefined;
}

export interface JoinOptions extends StartSettings {
  readonly folder: StateFolder;
  readonly clock: Clock;
  /** The user's own, for the proxy in it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** Joins the emulator that runs on this state folder, or starts one in this process. */
export async function joinOrStart(options: JoinOptions): Promise<Joined> {
  const deadline = options.clock.now().getTime() + startDeadlineMs;
  for (;;) {
    const own = await startOwn(options);
    if (own) return own;
    const joined = await joinRunning(options.folder);
    if (joined) {
      await requireTimeScale(options, joined);
      return joined;
    }
    if (options.clock.now().getTime() > deadline) throw notAnswering(options.folder);
    await options.clock.sleep(lookIntervalMs);
  }
}

/** Starts an emulator in this process; undefined when another process runs one on the same folder. */
export async function startOwn(options: JoinOptions): Promise<Joined | undefined> {
  const { folder } = options;
  const claim = folder.claim();
  if (!claim) return undefined;
  const token = randomBytes(24).toString("base64url");
  let emulator: Emulator;
  try {
    emulator = await startEmulator({
      folder,
      clock: options.clock,
      controlToken: token,
      port: options.port ?? folder.announcement()?.port,
      portIsFixed: options.port !== undefined,
      offline: options.offline ?? false,
      propagationMs: options.propagationMs,
      timeScale: options.timeScale,
      upstreamProxy: upstreamProxyOf(options.environment),
      log: options.log,
    });
  } catch (error) {
    claim.release();
    throw error;
  }
  folder.announce({ pid: process.pid, port: emulator.port, token });
  const end = async () => {
    await emulator.close();
    claim.release();
  };
  return {
    proxyUrl: emulator.proxyUrl,
    own: true,
    environmentFor: (principal) => emulator.environmentFor(principal),
    async leave() {
      await emulator.drained();
      await end();
    },
    abandon: end,
  };
}

/** The speed of a running emulator's time is not for those who join it to choose. */
async function requireTimeScale({ folder, timeScale }: JoinOptions, joined: Joined): Promise<void> {
  if (timeScale === undefined) return;
  const status = await statusOf(folder);
  if (status?.timeScale === timeScale) return;
  await joined.leave();
  throw new ProgramError(
    exitCodes.usage,
    `The emulator that runs on ${folder.path} has time scale ${status?.timeScale ?? "unknown"}, not ${timeScale}.`,
    { cure: "Leave --time-scale out to use that one, or end it first." },
  );
}

/** Takes a lease on the emulator that another process runs; undefined when none answers (it starts, or it ends). */
export async function joinRunning(folder: StateFolder): Promise<Joined | undefined> {
  const announcement = folder.announcement();
  if (!announcement) return undefined;
  const release = await lease(announcement);
  if (!release) return undefined;
  const proxyUrl = `http://127.0.0.1:${announcement.port}`;
  return {
    proxyUrl,
    own: false,
    environmentFor: (principal) =>
      folder.withStore((store) => {
        const directory = openDirectory(store, randomIds);
        const retraining = clientVariables(store);
        return joiningEnvironment({ proxyUrl, files: folder.files, principal, directory, retraining });
      }),
    leave: async () => release(),
    abandon: async () => release(),
  };
}

/** What the running emulator says of itself; undefined when none answers. */
export async function statusOf(folder: StateFolder): Promise<(EmulatorStatus & { port: number }) | undefined> {
  const announcement = folder.announcement();
  if (!announcement) return undefined;
  const response = await askControl(announcement, "GET", "/status");
  if (response?.statusCode !== 200) {
    response?.destroy();
    return undefined;
  }
  return { ...(JSON.parse(await text(response)) as EmulatorStatus), port: announcement.port };
}

async function lease(announcement: Announcement): Promise<(() => void) | undefined> {
  const response = await askControl(announcement, "GET", "/lease");
  if (response?.statusCode !== 200) {
    response?.destroy();
    return undefined;
  }
  response.on("error", () => {}).resume();
  return () => response.destroy();
}

function notAnswering(folder: StateFolder): ProgramError {
  const pid = folder.announcement()?.pid;
  return new ProgramError(
    exitCodes.unavailable,
    `A process${pid === undefined ? "" : ` (${pid})`} holds the state folder ${folder.path} but does not answer.`,
    { cure: "End that process, or set SYNAPSE_BATCH_HOME to another folder." },
  );
}
