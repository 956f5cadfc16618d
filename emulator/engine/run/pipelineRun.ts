import { isJsonObject, type Json } from "../../../contract/json.js";
import type { PipelineDefinition } from "../../../contract/pipeline.js";
import type { PipelineRun, PipelineRunStatus } from "../../../contract/runs.js";
import { PlanError } from "../errors.js";
import { parseJson } from "../expressions/json.js";
import { jsonText } from "../expressions/text.js";
import { isValueObject, type ValueObject } from "../expressions/values.js";
import type { Plan } from "../plan/planned.js";
import { planPipeline } from "../plan.js";
import type { EnginePorts } from "../ports.js";
import { History, type State } from "./history.js";
import { parameterTexts } from "./parameters.js";
import { pipelineRecord, type RunFacts } from "./records.js";
import { Rest } from "./rest.js";
import { runScope } from "./runScope.js";
import { Stop } from "./stop.js";
import { World } from "./world.js";

/** What a run begins with; the first state of its journal. */
export interface RunStart {
  readonly runId: string;
  readonly pipelineName: string;
  readonly definition: PipelineDefinition;
  readonly parameters: ValueObject;
  readonly invokedBy: PipelineRun["invokedBy"];
  readonly start: Date;
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
  ) {
    this.history = new History(ports.journal, given.runId);
    this.facts = {
      runId: given.runId,
      pipelineName: given.pipelineName,
      parameters: parameterTexts(given.definition, given.parameters),
      invokedBy: given.invokedBy,
      annotations: given.definition.annotations ?? [],
      start: given.start,
    };
  }

  /** Journals the run's beginning. */
  begin(): PipelineRun {
    return this.write([startState(this.given)], this.record("InProgress", ""));
  }

  /** Walks the plan; what the journal says is done is not repeated. Rejects with a `Stop` when it was closed. */
  execute(): Promise<PipelineRun> {
    this.execution ??= this.walk();
    return this.execution;
  }

  /** Asks the run to end as Cancelled; activities in flight are stopped. */
  cancel(): void {
    if (this.history.isCancelled || this.controller.signal.aborted) return;
    this.write([{ name: "cancel", value: null }], this.record("Canceling", ""));
    this.controller.abort(new Stop("cancelled"));
  }

  /** Stops without a trace, after what is under way has ended or the grace is over; the run goes on when it is resumed. */
  async close(graceMs: number): Promise<void> {
    await this.rest.come(this.ports.clock, graceMs);
    this.controller.abort(new Stop("closing"));
    await Promise.allSettled([this.execution]);
  }

  private async walk(): Promise<PipelineRun> {
    // lets the caller have the record of the beginning before the first activity is journaled
    await Promise.resolve();
    const plan = this.plan();
    if (plan instanceof PlanError) return this.end("Failed", plan.message);
    const { ports, facts, history, controller, rest, given } = this;
    const world = new World(ports, plan, facts, history, controller, rest, given.parameters);
    if (this.history.isCancelled) this.controller.abort(new Stop("cancelled"));
    try {
      const { signal } = this.controller;
      const frame = { prefix: "", iterationHash: "", item: undefined, signal };
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
      return planPipeline(this.given.definition, this.given.pipelineName);
    } catch (error) {
      if (error instanceof PlanError) return error;
      throw error;
    }
  }

  private end(status: PipelineRunStatus, message: string): PipelineRun {
    const record = this.record(status, message, this.ports.clock.now());
    return this.write([{ name: "finished", value: { ...record } }], record);
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

function startState(given: RunStart): State {
  return {
    name: "run",
    value: {
      pipelineName: given.pipelineName,
      definition: JSON.stringify(given.definition),
      parameters: jsonText(given.parameters),
      invokedBy: { ...given.invokedBy },
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
    pipelineName: String(value["pipelineName"]),
    definition: JSON.parse(String(value["definition"])) as PipelineDefinition,
    parameters: parameters.value,
    invokedBy: value["invokedBy"] as unknown as PipelineRun["invokedBy"],
    start: new Date(String(value["start"])),
  };
}
