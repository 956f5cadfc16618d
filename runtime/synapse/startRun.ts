import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { correlationParameter, type ParameterValues } from "../../contract/parameters.js";
import { HttpError, UnreachableError } from "../http/errors.js";
import { type SynapseClient, UnexpectedAnswerError } from "./client.js";
import type { PipelineRunRecord } from "./schemas.js";

export interface StartRequest {
  readonly pipelineName: string;
  readonly parameters: ParameterValues;
  /** Undefined for a pipeline without a parameter that could carry it. */
  readonly correlationId: string | undefined;
  /** Whether the correlation id was used before: then the run is looked up before anything is sent. */
  readonly mayExist: boolean;
}

/** `found`: the run was there already, nothing was started by this call. */
export interface StartedRun {
  readonly runId: string;
  readonly found: boolean;
}

/** How far back a run of an earlier call with the same correlation id is looked for. */
const lookBackMs = 24 * 3_600_000;
/** A watch that is ahead of the service's, and an index that lags: the window is wider than the call. */
const slackMs = 10 * 60_000;
/** Pauses before each look for a run whose answer was lost: the service's index is a few seconds behind. */
const lookPausesMs = [0, 1_000, 2_000, 4_000, 8_000];

/**
 * Starts a run at most once: createRun is not idempotent, so after a lost answer the run is looked up by its correlation
 * id, and what cannot be found is reported with exit code 6 instead of being started again. The signal counts until the
 * start is sent: from then on the command owes its caller the run's id.
 */
export async function startRun(
  request: StartRequest,
  synapse: SynapseClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<StartedRun> {
  if (request.mayExist) {
    const earlier = (await runsOf(request, synapse, clock, lookBackMs, signal))[0];
    if (earlier !== undefined) return { runId: earlier.runId, found: true };
  }
  const { correlationId, parameters } = request;
  const sent = correlationId === undefined ? parameters : { ...parameters, [correlationParameter]: correlationId };
  const startedAt = clock.now().getTime();
  try {
    return { runId: await synapse.createRun(request.pipelineName, sent, signal), found: false };
  } catch (thrown) {
    if (!mayHaveStarted(thrown)) throw refused(thrown);
    return lookUp(request, synapse, clock, startedAt, thrown);
  }
}

function mayHaveStarted(thrown: unknown): boolean {
  if (thrown instanceof HttpError) return thrown.status >= 500 || thrown.status === 408;
  return thrown instanceof UnexpectedAnswerError || (thrown instanceof UnreachableError && thrown.taken);
}

/** A refusal of the call itself (unknown pipeline, parameter) is the caller's mistake; the rest stays as it is. */
function refused(thrown: unknown): unknown {
  if (!(thrown instanceof HttpError) || (thrown.status !== 400 && thrown.status !== 404)) return thrown;
  return new ProgramError(exitCodes.usage, `the run was refused: ${thrown.message}`, {
    cure: thrown.status === 404 ? "is the pipeline deployed? pulumi up" : "correct the parameters and try again",
    cause: thrown,
  });
}

async function lookUp(
  request: StartRequest,
  synapse: SynapseClient,
  clock: Clock,
  startedAt: number,
  lost: unknown,
): Promise<StartedRun> {
  let candidates: PipelineRunRecord[] = [];
  try {
    for (const pause of lookPausesMs) {
      await clock.sleep(pause);
      candidates = await runsOf(request, synapse, clock, clock.now().getTime() - startedAt + slackMs);
      const run = request.correlationId === undefined ? undefined : candidates[0];
      if (run !== undefined) return { runId: run.runId, found: false };
    }
  } catch (thrown) {
    throw unknownStart(request, lost, [], thrown);
  }
  throw unknownStart(request, lost, candidates);
}

/** Runs of the pipeline, newest first: those with the correlation id, or, without one, all of the last minutes. */
async function runsOf(
  request: StartRequest,
  synapse: SynapseClient,
  clock: Clock,
  backMs: number,
  signal?: AbortSignal,
) {
  const now = clock.now().getTime();
  const runs = await synapse.queryPipelineRuns(
    {
      lastUpdatedAfter: new Date(now - backMs).toISOString(),
      lastUpdatedBefore: new Date(now + slackMs).toISOString(),
    },
    [{ operand: "PipelineName", operator: "Equals", values: [request.pipelineName] }],
    signal,
  );
  const { correlationId } = request;
  return correlationId === undefined
    ? runs
    : runs.filter((run) => run.parameters[correlationParameter] === correlationId);
}

function unknownStart(
  { correlationId }: StartRequest,
  lost: unknown,
  candidates: readonly PipelineRunRecord[],
  failedLook?: unknown,
): ProgramError {
  const why = [lost, failedLook].flatMap((thrown) => (thrown instanceof Error ? [thrown.message] : []));
  const list = candidates.map((run) => `\n  ${run.runId}  ${run.status}  started ${run.runStart ?? "not yet"}`);
  const runs = list.length === 0 ? "" : `\nruns of this pipeline of the last minutes:${list.join("")}`;
  return new ProgramError(
    exitCodes.unknown,
    `it is not known whether a run was started: ${why.join("; then: ")}${runs}`,
    {
      cure:
        correlationId === undefined
          ? "look at the runs in Synapse Studio (Monitor, Pipeline runs) before you start again"
          : `repeat the call with --correlation-id ${correlationId}: it finds the run if there is one, and starts one only if there is none`,
      cause: lost,
    },
  );
}
