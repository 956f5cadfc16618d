import { json } from "node:stream/consumers";
import { scaledClock, systemClock } from "../../../contract/clock.js";
import { ProgramError } from "../../../contract/errors.js";
import type { PipelineRun } from "../../../contract/runs.js";
import { askControl } from "../../../emulator/askControl.js";
import type { FaultList } from "../../../emulator/faultRoutes.js";
import { keepAuthority } from "../../../emulator/keptAuthority.js";
import { joinRunning } from "../../../emulator/ownership.js";
import type { FaultRule } from "../../../emulator/platform/faults/faultRule.js";
import { seededRandom } from "../../../emulator/platform/faults/seededRandom.js";
import type { StateFolder } from "../../../emulator/stateFolder.js";
import { createHttpClient } from "../../../runtime/http/client.js";
import { createSynapseClient } from "../../../runtime/synapse/client.js";
import { type StartedRun, startRun } from "../../../runtime/synapse/startRun.js";
import { startEmulatorProcess } from "../../helpers/emulatorProcess.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { startProvisionedEmulator } from "../../helpers/provisioned.js";
import { testStateFolder } from "../../helpers/testEmulator.js";
import { provisionedWorkspace, signInOver } from "../helpers/commandAgainst.js";
import { keyedParameters, listRuns, publishPipelines } from "./startPipelines.js";

/** A second of the client's is this much shorter, so that its pauses take no time. */
const clientScale = 20;
const host = "*.dev.azuresynapse.net";

/** Together a fifth of the requests, as each draws from those that the ones before it have left. */
const faults: readonly FaultRule[] = [
  { kind: "reset", host, probability: 0.03 },
  { kind: "reset", host, probability: 0.04, after: true },
  { kind: "half-body", host, probability: 0.04 },
  { kind: "unavailable", host, probability: 0.02 },
  { kind: "unavailable", host, probability: 0.03, after: true },
  { kind: "error", host, probability: 0.02, after: true },
  { kind: "latency", host, probability: 0.01, after: true, delayMs: 5_000 },
  { kind: "throttle", host, probability: 0.015, retryAfterSeconds: 1 },
  { kind: "expired-token", host, probability: 0.015 },
];

/** Comes last, so that the emulator counts the requests that have met no fault; they wait for a millisecond. */
const counter: FaultRule = { kind: "latency", host, delayMs: 1 };

/** One call of a start and how it ended: with a run's id, or with an exit code. */
export interface StartEnd {
  readonly correlationId: string;
  readonly runId?: string;
  readonly exitCode: number;
}

export interface ManyStarts {
  readonly ends: readonly StartEnd[];
  /** How each start ended that was called again, without faults, because it had not told a run's id. */
  readonly repeated: readonly StartEnd[];
  /** The service's own list after the calls, and after those that were repeated. */
  readonly runs: readonly PipelineRun[];
  readonly runsAtLast: readonly PipelineRun[];
  /** Requests that the emulator has got during the starts, and how many of them met a fault. */
  readonly requests: number;
  readonly faultsApplied: number;
  readonly restarts: number;
}

/** Starts runs, four at a time, against a real emulator that is killed or ended and started again in the middle of them. */
export async function startMany(options: { starts: number; restarts: number; seed: number }): Promise<ManyStarts> {
  const folder = await provisionedFolder();
  let emulator = await startEmulatorProcess(folder);
  const place = await joinRunning(folder);
  if (!place) throw new Error("no emulator to join");
  const environment = place.environmentFor("deployer");
  await place.leave();
  const clock = scaledClock(systemClock(), clientScale);
  const random = seededRandom(options.seed);
  const tokens = signInOver(environment, clock);
  const ends: StartEnd[] = [];
  const met = { requests: 0, faultsApplied: 0 };
  try {
    await addFaults(folder, random);
    for (let batch = 0; batch * 4 < options.starts; batch += 1) {
      const calls = [0, 1, 2, 3].map((lane) => start(`start-${options.seed}-${batch * 4 + lane}`, lane % 2 === 0));
      const every = Math.ceil(options.starts / 4 / (options.restarts + 1));
      if (batch % every === every - 1 && batch / every < options.restarts) {
        for (let turns = random() * 30; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
        await countRequests(folder, met);
        await emulator.end(batch % 2 === 0 ? "SIGKILL" : "SIGTERM");
        emulator = await startEmulatorProcess(folder);
        await addFaults(folder, random);
      }
      ends.push(...(await Promise.all(calls)));
    }
    await countRequests(folder, met);
    await control(folder, "DELETE");
    const runs = await listRuns(emulator);
    const repeated: StartEnd[] = [];
    for (const { correlationId, runId } of ends) {
      if (runId === undefined) repeated.push(await start(correlationId, true));
    }
    return { ends, repeated, runs, runsAtLast: await listRuns(emulator), ...met, restarts: options.restarts };
  } finally {
    await emulator.end("SIGKILL");
  }

  async function start(correlationId: string, asKey: boolean): Promise<StartEnd> {
    const http = createHttpClient({ environment, clock, random });
    const { synapseEndpoint: endpoint } = provisionedWorkspace;
    const pipeline = { name: "batch-scoring", parameters: keyedParameters } as const;
    const idempotencyKey = asKey ? correlationId : undefined;
    const request = { endpoint, pipeline, parameters: {}, idempotencyKey };
    const synapse = createSynapseClient(endpoint, http, tokens);
    const ids = { uuid: () => correlationId };
    const signal = new AbortController().signal;
    const parts = { synapse, clock, ids, signal, notice: () => {} };
    const end = await startRun(request, parts).catch((thrown: unknown) => thrown);
    await http.close();
    if (end instanceof ProgramError) return { correlationId, exitCode: end.exitCode };
    if (end instanceof Error) throw end;
    return { correlationId, exitCode: 0, runId: (end as StartedRun).runId };
  }
}

/** A state folder with the workspace and the pipelines in it, whose emulator this process trusts. */
async function provisionedFolder(): Promise<StateFolder> {
  const folder = testStateFolder();
  const emulator = await startProvisionedEmulator({ folder });
  await publishPipelines(emulator);
  await emulator.close();
  const authority = await testAuthority();
  folder.withStore((store) => keepAuthority(store, authority));
  return folder;
}

async function addFaults(folder: StateFolder, random: () => number): Promise<void> {
  for (const rule of faults) await control(folder, "POST", { ...rule, seed: Math.floor(random() * 2 ** 31) });
  await control(folder, "POST", counter);
}

/** Adds what the emulator has counted since its start. */
async function countRequests(folder: StateFolder, met: { requests: number; faultsApplied: number }): Promise<void> {
  const { faults: list } = (await control(folder, "GET")) as FaultList;
  for (const [index, { applied }] of list.entries()) {
    met.requests += applied;
    if (index < faults.length) met.faultsApplied += applied;
  }
}

async function control(folder: StateFolder, method: "GET" | "POST" | "DELETE", body?: object): Promise<unknown> {
  const announcement = folder.announcement();
  const response = announcement && (await askControl(announcement, method, "/faults", body));
  if (!response) throw new Error("the emulator's control route does not answer");
  return json(response);
}
