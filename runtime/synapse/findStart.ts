import type { Clock } from "../../contract/clock.js";
import { correlationParameter, type ParameterValues } from "../../contract/parameters.js";
import { HttpError } from "../http/errors.js";
import type { SynapseClient } from "./client.js";
import { differingParameters } from "./sameParameters.js";
import type { PipelineRunRecord } from "./schemas.js";
import type { StartIdentity, StartRequest } from "./startIdentity.js";

/** Looks for the run of a start on the service; every look rejects as the client does when it cannot see. */
export interface StartFinder {
  /** The run of an earlier call with the same correlation id. */
  earlier(signal: AbortSignal): Promise<PipelineRunRecord | undefined>;
  /** Notes what was there before, where nothing else tells a look-alike from the run itself. */
  noteOthers(signal: AbortSignal): Promise<void>;
  /** The run of what was sent at `sentAt` (milliseconds since 1970), and else those that may be it. */
  look(
    sentAt: number,
  ): Promise<{ readonly run?: PipelineRunRecord; readonly lookAlikes: readonly PipelineRunRecord[] }>;
}

/** How far back a run of an earlier call is looked for where its id is not the one that was asked for. */
const lookBackMs = 24 * 3_600_000;
/** How far this machine's watch may be from the service's. */
const slackMs = 3_600_000;

/** A finder of one start's run: by the id that was asked for, by correlation id, else by time, invoker and parameters. */
export function createStartFinder(
  { pipeline, parameters }: StartRequest,
  { correlationId, requestId }: StartIdentity,
  synapse: SynapseClient,
  clock: Clock,
): StartFinder {
  const defaults = Object.entries(pipeline.parameters).flatMap(([name, { defaultValue }]) =>
    defaultValue === undefined ? [] : [[name, defaultValue] as const],
  );
  const expected: ParameterValues = { ...Object.fromEntries(defaults), ...parameters };
  const others = new Set<string>();

  async function byRequestId(signal?: AbortSignal): Promise<PipelineRunRecord | undefined> {
    try {
      return await synapse.getRun(requestId, signal);
    } catch (thrown) {
      if (thrown instanceof HttpError && thrown.status === 404) return undefined;
      throw thrown;
    }
  }

  /** Runs of the pipeline that this start may have made, the first one first; the clock may have jumped since `since`. */
  async function like(since: number, signal?: AbortSignal): Promise<PipelineRunRecord[]> {
    const now = clock.now().getTime();
    const window = {
      lastUpdatedAfter: new Date(Math.min(since, now - slackMs)).toISOString(),
      lastUpdatedBefore: new Date(Math.max(since, now) + slackMs).toISOString(),
    };
    const filter = { operand: "PipelineName", operator: "Equals", values: [pipeline.name] } as const;
    const runs = await synapse.queryPipelineRuns(window, [filter], signal);
    return runs.filter(isLike).reverse();
  }

  function isLike(run: PipelineRunRecord): boolean {
    if (correlationId !== undefined) return run.parameters[correlationParameter] === correlationId;
    const isManual = (run.invokedBy?.invokedByType ?? "Manual") === "Manual";
    return isManual && differingParameters(expected, run, pipeline.parameters).length === 0;
  }

  return {
    earlier: async (signal) =>
      (await byRequestId(signal)) ?? (await like(clock.now().getTime() - lookBackMs, signal))[0],
    async noteOthers(signal) {
      if (correlationId !== undefined) return;
      for (const { runId } of await like(clock.now().getTime() - slackMs, signal)) others.add(runId);
    },
    async look(sentAt) {
      const found = await byRequestId();
      if (found) return { run: found, lookAlikes: [] };
      const lookAlikes = (await like(sentAt - slackMs)).filter(({ runId }) => !others.has(runId));
      const [first] = lookAlikes;
      return correlationId !== undefined && first ? { run: first, lookAlikes } : { lookAlikes };
    },
  };
}
