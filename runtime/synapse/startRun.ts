import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { Ids } from "../../contract/ids.js";
import { correlationParameter } from "../../contract/parameters.js";
import { HttpError } from "../http/errors.js";
import type { SynapseClient } from "./client.js";
import { createStartFinder, type StartFinder } from "./findStart.js";
import { lookForLostStart } from "./lostStart.js";
import { differingParameters } from "./sameParameters.js";
import type { PipelineRunRecord } from "./schemas.js";
import { identityOf, type StartIdentity, type StartRequest } from "./startIdentity.js";
import { lockStart } from "./startLock.js";
import { mayHaveStarted, wasTurnedAway } from "./startOutcome.js";
import { unknownStart } from "./unknownStart.js";

export interface StartParts {
  readonly synapse: SynapseClient;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Counts until the start is sent: from then on the command owes its caller the run's id. */
  readonly signal: AbortSignal;
  /** One line for the person who waits. */
  readonly notice: (line: string) => void;
}

/** `found`: the run was there already, nothing was started by this call. */
export interface StartedRun {
  readonly runId: string;
  readonly correlationId: string | undefined;
  readonly found: boolean;
}

/** How often one start is sent in all: a service that has turned it away so often, 15 s apart, stays busy for longer. */
const maxSends = 3;

/**
 * Starts a run once: createRun is not idempotent, so after a lost answer the run is looked up. It is sent again only
 * where the service has turned it away and shows no run; what cannot be known is reported with exit code 6. A start with a key of the caller's is looked up first.
 */
export async function startRun(request: StartRequest, parts: StartParts): Promise<StartedRun> {
  const { clock, signal, synapse, ids } = parts;
  const identity = identityOf(request, ids);
  const { correlationId, isGiven, requestId } = identity;
  const finder = createStartFinder(request, identity, synapse, clock);
  if (!isGiven) return { runId: await send(request, identity, finder, parts), correlationId, found: false };
  const lock = await lockStart(requestId, clock, signal);
  try {
    const earlier = await finder.earlier(signal);
    if (earlier === undefined)
      return { runId: await send(request, identity, finder, parts), correlationId, found: false };
    requireSameParameters(request, earlier, identity);
    return { runId: earlier.runId, correlationId, found: true };
  } finally {
    lock.release();
  }
}

/** Resolves with the id of the run that this start has made. */
async function send(
  { pipeline, parameters }: StartRequest,
  identity: StartIdentity,
  finder: StartFinder,
  { synapse, clock, signal, notice }: StartParts,
): Promise<string> {
  const { correlationId, requestId } = identity;
  const sent = correlationId === undefined ? parameters : { ...parameters, [correlationParameter]: correlationId };
  await finder.noteOthers(signal);
  const sentAt = clock.now().getTime();
  const failures: unknown[] = [];
  for (let sends = 1; ; sends += 1) {
    try {
      return await synapse.createRun(pipeline.name, sent, { requestId, signal });
    } catch (thrown) {
      if (!mayHaveStarted(thrown) && failures.length === 0) throw refused(thrown);
      failures.push(thrown);
      if (!mayHaveStarted(thrown)) throw unknownStart(identity, failures, []);
      const runId = await lookForLostStart({ lost: failures, sentAt, identity, finder, clock, notice });
      if (runId !== undefined) return runId;
      if (!wasTurnedAway(thrown) || sends === maxSends || signal.aborted) throw unknownStart(identity, failures, []);
    }
  }
}

/** A refusal of the call itself (unknown pipeline, parameter) is the caller's mistake; the rest stays as it is. */
function refused(thrown: unknown): unknown {
  if (!(thrown instanceof HttpError) || (thrown.status !== 400 && thrown.status !== 404)) return thrown;
  return new ProgramError(exitCodes.usage, `the run was refused: ${thrown.message}`, {
    cure: thrown.status === 404 ? "is the pipeline deployed? pulumi up" : "correct the parameters and try again",
    cause: thrown,
  });
}

/** The same key with other parameters is a mistake that must not pass for a second look at the same run. */
function requireSameParameters(
  { parameters, pipeline }: StartRequest,
  run: PipelineRunRecord,
  { correlationId }: StartIdentity,
): void {
  const differing = differingParameters(parameters, run, pipeline.parameters);
  if (differing.length === 0) return;
  throw new ProgramError(
    exitCodes.usage,
    `the key ${correlationId} belongs to run ${run.runId}, which was started with other values of ${differing.join(", ")}`,
    { cure: "take another key for another run, or leave the parameters as they were" },
  );
}
