import { setMaxListeners } from "node:events";
import { isJsonObject, type Json } from "../../../contract/json.js";
import type { PipelineDefinition } from "../../../contract/pipeline.js";
import type { PipelineRun, PipelineRunStatus } from "../../../contract/runs.js";
import type { ChildRuns } from "../activities/activityType.js";
import { PlanError } from "../errors.js";
import { parseJson } from "../expressions/json.js";
import { jsonText } from "../expressions/text.js";
import { isValueObject, type ValueObject } from "../expressions/values.js";
import type { Plan } from "../plan/planned.js";
import type { EnginePorts } from "../ports.js";
import { History } from "./history.js";
import { Outputs } from "./outputs.js";
import { parameterTexts } from "./parameters.js";
import { pipelineRecord, type RunFacts } from "./records.js";
import { Rest } from "./rest.js";
import { runDimensionOf } from "./runDimension.js";
import { runScope } from "./runScope.js";
import type { State } from "./states.js";
import { Stop } from "./stop.js";
import type { Turn } from "./turns.js";
import { World } from "./world.js";

/** What a run begins with; the first state of its journal. */
export interface RunStart {
  readonly runId: string;
  readonly runGroupId: string;
  readonly pipelineName: string;
  readonly definition: PipelineDefinition;
  readonly parameters: ValueObject;
  readonly invokedBy: PipelineRun["invokedBy"];
  readonly start: Date;
}

/** What a run has of the engine that it is in. */
export interface RunSurroundings {
  /** Throws a `PlanError`. */
  readonly plan: (definition: PipelineDefinition, pipelineName: string) => Plan;
  readonly children: (parent: RunFacts, activityRunId: string) => ChildRuns;
}

/** One run of a pipeline, from its journal's beginning to its end. */
export class Run {
  private readonly controller = new AbortController();
  private readonly rest = new Rest();
  private readonly history: History;
  private readonly facts: RunFacts;
  private execution: Promise<PipelineRun> | undefined;

  constructor(
    private readonly ports: EnginePorts,
    private readonly given: RunStart,
    private readonly surroundings: RunSurroundings,
  ) {
    setMaxListeners(0, this.controller.signal);
    this.history = new History(ports.journal, given.runId);
    this.facts = {
      runId: given.runId,
      runGroupId: given.runGroupId,
      pipelineName: given.pipelineName,
      parameters: parameterTexts(given.definition, given.parameters),
      invokedBy: given.invokedBy,
      annotations: given.definition.annotations ?? [],
      runDimension: runDimensionOf(
        given.definition,
        given.parameters,
        { Pipeline: given.pipelineName, RunId: given.runId, GroupId: given.runGroupId },
        { start: given.start, ids: ports.ids },
      ),
      start: given.start,
    };
  }

  get pipelineName(): string {
    return this.given.pipelineName;
  }

  /** The run that started this one. */
  get parentRunId(): string | undefined {
    return this.given.invokedBy.pipelineRunId;
  }

  /** Whether the run waits for its turn. */
  get isQueued(): boolean {
    return this.concurrency !== undefined && !this.history.hasStarted;
  }

  /** How many of the pipeline's runs may go on at once; undefined for any number. */
  get concurrency(): number | undefined {
    return this.given.definition.concurrency;
  }

  /** Journals the run's beginning, in the queue or at work, with what it takes over from the run that it repeats. */
  begin(queued: boolean, kept: readonly State[]): PipelineRun {
    const states = [startState(this.given), ...kept, ...(queued ? [] : [started])];
    return this.write(states, this.record(queued ? "Queued" : "InProgress", ""));
  }

  /** Walks the plan; what the journal says is done is not repeated. Rejects with a `Stop` when it was closed. */
  execute(turn: Turn): Promise<PipelineRun> {
    this.execution ??= this.walk(turn);
    return this.execution;
  }

  /** Asks the run to end as Cancelled; activities in flight are stopped. */
  cancel(): void {
    if (this.history.isCancelled || this.controller.signal.aborted) return;
    this.write([{ name: "cancel" }], this.record("Canceling", ""));
    this.controller.abort(new Stop("cancelled"));
  }

  /** Begins nothing new; resolves when what is under way has ended or the grace is over. */
  comeToRest(graceMs: number): Promise<void> {
    return this.rest.come(this.ports.clock, graceMs);
  }

  /** Stops without a trace; the run goes on when it is resumed. */
  stop(): void {
    this.controller.abort(new Stop("closing"));
  }

  /** Resolves when nothing of the run is at work any more. */
  async stopped(): Promise<void> {
    await Promise.allSettled([this.execution]);
  }

  private async walk(turn: Turn): Promise<PipelineRun> {
    // lets the caller have the record of the beginning before the first activity is journaled
    await Promise.resolve();
    const plan = this.plan();
    if (plan instanceof PlanError) return this.end("Failed", plan.message);
    const { ports, facts, history, controller, rest, given } = this;
    const children = (activityRunId: string) => this.surroundings.children(facts, activityRunId);
    const world = new World(ports, plan, facts, history, controller, rest, given.parameters, children);
    if (this.history.isCancelled) this.controller.abort(new Stop("cancelled"));
    try {
      const { signal } = this.controller;
      if (this.isQueued) {
        await turn.come(signal);
        this.write([started], this.record("InProgress", ""));
      }
      const frame = { prefix: "", iterationHash: "", item: undefined, outputs: new Outputs(), signal };
      const outcome = await runScope(world, plan.root, frame);
      if (this.history.isCancelled) return this.end("Cancelled", "");
      if (outcome.status === "Succeeded") return this.end("Succeeded", "");
      return this.end("Failed", `Operation on target ${outcome.activity} failed: ${outcome.message}`);
    } catch (error) {
      if (error instanceof Stop && error.why === "cancelled") return this.end("Cancelled", "");
      throw error;
    }
  }

  /** A definition that an earlier version of this program took may be refused by this one. */
  private plan(): Plan | PlanError {
    try {
      return this.surroundings.plan(this.given.definition, this.given.pipelineName);
    } catch (error) {
      if (error instanceof PlanError) return error;
      throw error;
    }
  }

  private end(status: PipelineRunStatus, message: string): PipelineRun {
    const record = this.record(status, message, this.ports.clock.now());
    return this.write([{ name: "finished", value: record as unknown as Json }], record);
  }

  private record(status: PipelineRunStatus, message: string, end?: Date): PipelineRun {
    const now = this.ports.clock.now();
    return pipelineRecord(this.ports.workspace, this.facts, { status, message, now, ...(end && { end }) });
  }

  private write(states: readonly State[], record: PipelineRun): PipelineRun {
    this.history.append(states, [{ kind: "pipelineRun", record }]);
    return record;
  }
}

const started: State = { name: "started" };

function startState(given: RunStart): State {
  return {
    name: "run",
    value: {
      runGroupId: given.runGroupId,
      pipelineName: given.pipelineName,
      definition: JSON.stringify(given.definition),
      parameters: jsonText(given.parameters),
      invokedBy: given.invokedBy as unknown as Json,
      start: given.start.toISOString(),
    },
  };
}

/** Reads back what `begin` journaled. */
export function readStart(runId: string, state: Json): RunStart {
  const value = isJsonObject(state) ? state : {};
  const parameters = parseJson(String(value["parameters"]));
  if (!parameters.ok || !isValueObject(parameters.value)) {
    throw new Error(`The journal of run ${runId} cannot be read: its parameters are damaged.`);
  }
  return {
    runId,
    runGroupId: String(value["runGroupId"] ?? runId),
    pipelineName: String(value["pipelineName"]),
    definition: JSON.parse(String(value["definition"])) as PipelineDefinition,
    parameters: parameters.value,
    invokedBy: value["invokedBy"] as unknown as PipelineRun["invokedBy"],
    start: new Date(String(value["start"])),
  };
}
