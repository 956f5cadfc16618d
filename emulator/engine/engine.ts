import type { JsonObject } from "../../contract/json.js";
import type { InvokedBy, PipelineRun } from "../../contract/runs.js";
import { QueueFullError, RerunError } from "./errors.js";
import { toJson, type ValueObject } from "./expressions/values.js";
import { checksParameterTypes } from "./inferred.js";
import { planCache } from "./plan/planCache.js";
import type { Plan } from "./plan/planned.js";
import type { PipelineSource } from "./plan.js";
import type { EnginePorts } from "./ports.js";
import { childRuns } from "./run/childRuns.js";
import { History } from "./run/history.js";
import { bindParameters } from "./run/parameters.js";
import { Run, type RunStart, readStart } from "./run/pipelineRun.js";
import { statesToKeep } from "./run/rerun.js";
import { maxQueuedRuns, ownTurn, type Turn, Turns } from "./run/turns.js";
import { variableValue } from "./run/variables.js";

export interface RunRequest {
  readonly pipelineName: string;
  readonly definition: PipelineSource;
  /** By name, as createRun's body has them. */
  readonly parameters: JsonObject;
  readonly invokedBy: InvokedBy;
  /** A new GUID when absent. */
  readonly runId?: string;
  /** Repeats a run that has ended, with that run's parameters. */
  readonly rerun?: Rerun;
}

export interface Rerun {
  readonly runId: string;
  /** Whether both belong to one group (`isRecovery`). */
  readonly isRecovery: boolean;
  /** Where it begins; what ended before that is not repeated. Absent: everything is. */
  readonly startActivity?: string;
}

/** Runs pipelines as Synapse does (pipelines, 2020-12-01), against the world that its ports give it. */
export interface Engine {
  /**
   * Journaled when it returns. Throws a `PlanError`, a `ParameterError`, a `RerunError` or a `QueueFullError`, and then
   * nothing was started.
   */
  start(request: RunRequest): PipelineRun;
  /** Lets runs that the journal has, and that have not ended, go on; in the order of their starts. */
  resume(runIds: readonly string[]): void;
  /** Asks a run, with `recursive` also those it started, to end as Cancelled; false when there is no such run. */
  cancel(runId: string, options: { readonly recursive: boolean }): boolean;
  /** The record of the run's end. Rejects when there is no such run, and when the engine is closed before the end. */
  finished(runId: string): Promise<PipelineRun>;
  /** The variables of a run, by name, as they are now. */
  variables(runId: string): ValueObject;
  /**
   * Stops without ending the runs: they go on when they are resumed. Begins nothing new, and gives requests that are
   * under way `graceMs` of the engine's clock to be answered.
   */
  close(options?: { readonly graceMs: number }): Promise<void>;
}

export function createEngine(ports: EnginePorts): Engine {
  const active = new Map<string, { readonly run: Run; readonly end: Promise<PipelineRun> }>();
  const turns = new Turns();
  const planned = planCache();

  function open(start: RunStart): Run {
    return new Run(ports, start, {
      plan: planned,
      children: (parent, activityRunId) => childRuns(engine, ports, parent, activityRunId),
    });
  }

  function turnOf(run: Run): Turn {
    const { pipelineName, concurrency } = run;
    if (concurrency === undefined) return ownTurn;
    const waits = run.isQueued && !turns.isFree(pipelineName, concurrency);
    return waits ? turns.queue(pipelineName) : turns.take(pipelineName);
  }

  function launch(runId: string, run: Run, turn: Turn): void {
    const end = run.execute(turn);
    active.set(runId, { run, end });
    // a run that was closed or whose journal failed stays for `finished` to tell
    end.then(
      () => {
        active.delete(runId);
        if (run.concurrency !== undefined && !run.isQueued) turns.give(run.pipelineName);
      },
      () => {},
    );
  }

  /** What a rerun takes from the run that it repeats. */
  function previous({ runId, isRecovery, startActivity }: Rerun, plan: Plan) {
    const states = ports.journal.states(runId);
    const begun = states.find(({ name }) => name === "run");
    const start = begun && readStart(runId, begun.value);
    if (start?.pipelineName.toLowerCase() !== plan.name.toLowerCase() || active.has(runId)) {
      throw new RerunError(`Referenced pipeline run id ${runId} is not a valid run id.`);
    }
    return {
      parameters: Object.fromEntries([...start.parameters].map(([name, value]) => [name, toJson(value)])),
      runGroupId: isRecovery ? start.runGroupId : undefined,
      kept: isRecovery && startActivity !== undefined ? statesToKeep(plan, states, startActivity) : [],
    };
  }

  const engine: Engine = {
    start(request) {
      const { pipelineName, invokedBy } = request;
      const plan = planned(request.definition, pipelineName);
      const { definition } = plan;
      const runId = request.runId ?? ports.ids.uuid();
      if (active.has(runId) || ports.journal.states(runId).length > 0) {
        throw new RangeError(`There is already a run ${runId}.`);
      }
      const before = request.rerun && previous(request.rerun, plan);
      const parameters = bindParameters(definition, before?.parameters ?? request.parameters, {
        checkTypes: checksParameterTypes(invokedBy) && !before,
      });
      const runGroupId = before?.runGroupId ?? runId;
      const run = open({
        runId,
        runGroupId,
        pipelineName,
        definition,
        parameters,
        invokedBy,
        start: ports.clock.now(),
      });
      const { concurrency } = definition;
      const queued = concurrency !== undefined && !turns.isFree(pipelineName, concurrency);
      if (queued && turns.queued(pipelineName) >= maxQueuedRuns) {
        throw new QueueFullError(`There are already ${maxQueuedRuns} runs of the pipeline '${pipelineName}' queued.`);
      }
      const record = run.begin(queued, before?.kept ?? []);
      launch(runId, run, turnOf(run));
      return record;
    },
    resume(runIds) {
      const runs = runIds.flatMap((runId) => {
        const states = ports.journal.states(runId);
        const begun = states.find(({ name }) => name === "run");
        const ended = active.has(runId) || states.some(({ name }) => name === "finished");
        return begun && !ended ? [{ runId, run: open(readStart(runId, begun.value)) }] : [];
      });
      // who was at work comes before who was in the queue
      const begun = [...runs.filter(({ run }) => !run.isQueued), ...runs.filter(({ run }) => run.isQueued)];
      const inLine = begun.map(({ runId, run }) => ({ runId, run, turn: turnOf(run) }));
      for (const { runId, run, turn } of inLine) launch(runId, run, turn);
    },
    cancel(runId, { recursive }) {
      const found = active.get(runId);
      found?.run.cancel();
      const children = recursive ? [...active].filter(([, { run }]) => run.parentRunId === runId) : [];
      for (const [child] of children) engine.cancel(child, { recursive });
      return found !== undefined || ports.journal.states(runId).length > 0;
    },
    async finished(runId) {
      const found = active.get(runId);
      if (found) return found.end;
      const state = ports.journal.states(runId).find(({ name }) => name === "finished");
      if (!state) throw new RangeError(`There is no run ${runId}.`);
      return state.value as unknown as PipelineRun;
    },
    variables(runId) {
      const begun = ports.journal.states(runId).find(({ name }) => name === "run");
      if (!begun) throw new RangeError(`There is no run ${runId}.`);
      const { definition } = readStart(runId, begun.value);
      const history = new History(ports.journal, runId);
      const names = Object.keys(definition.variables ?? {});
      return new Map(names.map((name) => [name, variableValue(definition, history, name) ?? null]));
    },
    async close({ graceMs } = { graceMs: 0 }) {
      const runs = [...active.values()].map(({ run }) => run);
      await Promise.all(runs.map((run) => run.comeToRest(graceMs)));
      // all at once: none may see the end of another that it waits for
      for (const run of runs) run.stop();
      await Promise.all(runs.map((run) => run.stopped()));
    },
  };
  return engine;
}
