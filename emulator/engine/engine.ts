import type { JsonObject } from "../../contract/json.js";
import type { PipelineRun } from "../../contract/runs.js";
import { type PipelineSource, planPipeline } from "./plan.js";
import type { EnginePorts } from "./ports.js";
import { bindParameters } from "./run/parameters.js";
import { Run, readStart } from "./run/pipelineRun.js";

export interface RunRequest {
  readonly pipelineName: string;
  readonly definition: PipelineSource;
  /** By name, as createRun's body has them. */
  readonly parameters: JsonObject;
  readonly invokedBy: PipelineRun["invokedBy"];
  /** A new GUID when absent. */
  readonly runId?: string;
}

/** Runs pipelines as Synapse does (pipelines, 2020-12-01), against the world that its ports give it. */
export interface Engine {
  /** Journaled when it returns. Throws a `PlanError` or a `ParameterError`, and then nothing was started. */
  start(request: RunRequest): PipelineRun;
  /** Lets runs that the journal has, and that have not ended, go on. */
  resume(runIds: readonly string[]): void;
  /** Asks a run, with `recursive` also those it started, to end as Cancelled; false when there is no such run. */
  cancel(runId: string, options: { readonly recursive: boolean }): boolean;
  /** The record of the run's end. Rejects when there is no such run, and when the engine is closed before the end. */
  finished(runId: string): Promise<PipelineRun>;
  /**
   * Stops without ending the runs: they go on when they are resumed. Begins nothing new, and gives requests that are
   * under way `graceMs` of the engine's clock to be answered.
   */
  close(options?: { readonly graceMs: number }): Promise<void>;
}

export function createEngine(ports: EnginePorts): Engine {
  const active = new Map<string, { readonly run: Run; readonly end: Promise<PipelineRun> }>();

  function launch(runId: string, run: Run): void {
    const end = run.execute();
    active.set(runId, { run, end });
    // a run that was closed or whose journal failed stays for `finished` to tell
    end.then(
      () => active.delete(runId),
      () => {},
    );
  }

  return {
    start(request) {
      const { definition } = planPipeline(request.definition, request.pipelineName);
      const runId = request.runId ?? ports.ids.uuid();
      if (active.has(runId) || ports.journal.states(runId).length > 0) {
        throw new RangeError(`There is already a run ${runId}.`);
      }
      const run = new Run(ports, {
        runId,
        pipelineName: request.pipelineName,
        definition,
        parameters: bindParameters(definition, request.parameters),
        invokedBy: request.invokedBy,
        start: ports.clock.now(),
      });
      const record = run.begin();
      launch(runId, run);
      return record;
    },
    resume(runIds) {
      for (const runId of runIds) {
        const states = ports.journal.states(runId);
        const begun = states.find(({ name }) => name === "run");
        if (!begun || active.has(runId) || states.some(({ name }) => name === "finished")) continue;
        launch(runId, new Run(ports, readStart(runId, begun.value)));
      }
    },
    cancel(runId) {
      const found = active.get(runId);
      found?.run.cancel();
      return found !== undefined || ports.journal.states(runId).length > 0;
    },
    async finished(runId) {
      const found = active.get(runId);
      if (found) return found.end;
      const state = ports.journal.states(runId).find(({ name }) => name === "finished");
      if (!state) throw new RangeError(`There is no run ${runId}.`);
      return state.value as unknown as PipelineRun;
    },
    async close({ graceMs } = { graceMs: 0 }) {
      await Promise.all([...active.values()].map(({ run }) => run.close(graceMs)));
    },
  };
}
