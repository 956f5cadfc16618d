import type { Json } from "../../../contract/json.js";
import { azureTimestamp } from "../../../contract/runs.js";
import { declaredVariable } from "../activities/setVariable.js";
import { formatDuration } from "../duration.js";
import type { EvaluationContext } from "../expressions/context.js";
import { evaluateJson } from "../expressions/evaluator.js";
import { ticksOf } from "../expressions/ticks.js";
import { fromJson, type Value, type ValueObject } from "../expressions/values.js";
import type { Plan, PlannedScope } from "../plan/planned.js";
import type { EnginePorts } from "../ports.js";
import type { Attempt, AttemptEnd, History } from "./history.js";
import type { RunFacts } from "./records.js";
import type { Rest } from "./rest.js";

/** The value of a variable that was never set and has no default. */
const unsetValues: Readonly<Record<string, Value>> = {
  String: "",
  Integer: 0n,
  Bool: false,
  Boolean: false,
  Array: [],
};

/** Where an activity runs: at the top, in a branch, or in one round of a loop. */
export interface Frame {
  /** What the places of its activities begin with, in the journal. */
  readonly prefix: string;
  readonly iterationHash: string;
  /** `item()`; undefined outside of a ForEach. */
  readonly item: Value | undefined;
  readonly signal: AbortSignal;
}

/** What the activities of one run share. */
export class World {
  private readonly outputs = new Map<string, ValueObject>();
  private readonly system: ValueObject;

  constructor(
    readonly ports: EnginePorts,
    readonly plan: Plan,
    readonly facts: RunFacts,
    readonly history: History,
    /** Stops the whole run. */
    readonly controller: AbortController,
    readonly rest: Rest,
    parameters: ValueObject,
  ) {
    const { invokedBy } = facts;
    this.system = new Map<string, Value>([
      ["DataFactory", ports.workspace.name],
      ["Pipeline", facts.pipelineName],
      ["RunId", facts.runId],
      ["GroupId", facts.runId],
      ["TriggerType", invokedBy.invokedByType],
      ["TriggerId", invokedBy.id],
      ["TriggerName", invokedBy.name],
      ["TriggerTime", azureTimestamp(facts.start)],
      ["TriggeredByPipelineName", null],
      ["TriggeredByPipelineRunId", null],
      ["parameters", parameters],
    ]);
  }

  /** Evaluates every string in a part of the definition as seen from the frame. */
  evaluate(json: Json, frame: Frame): Value {
    const context: EvaluationContext = {
      now: () => ticksOf(this.ports.clock.now()),
      newGuid: () => this.ports.ids.uuid(),
      pipeline: this.system,
      variable: (name) => this.variable(name),
      activity: (name) => this.outputs.get(name.toLowerCase()),
      item: frame.item,
    };
    return evaluateJson(json, context);
  }

  /** Lets expressions read what an ended activity left. */
  publish(key: string, attempt: Attempt, end: AttemptEnd): void {
    const { error } = end;
    this.outputs.set(
      key,
      new Map<string, Value>([
        ["output", end.output],
        ["status", end.status],
        ["error", error === null ? null : fromJson({ ...error })],
        ["ActivityRunId", attempt.activityRunId],
        ["ExecutionStartTime", azureTimestamp(attempt.start)],
        ["ExecutionEndTime", azureTimestamp(end.end)],
        ["Duration", formatDuration(end.end.getTime() - attempt.start.getTime())],
      ]),
    );
  }

  /** A new round begins: nothing of the round before can be read by name. */
  forget(scope: PlannedScope): void {
    for (const activity of scope.activities) {
      this.outputs.delete(activity.key);
      for (const inner of activity.scopes.values()) this.forget(inner);
    }
  }

  private variable(name: string): Value | undefined {
    const declared = declaredVariable(this.plan.definition, name);
    if (!declared) return undefined;
    const set = this.history.variable(declared.name.toLowerCase());
    if (set !== undefined) return set;
    const { defaultValue } = this.plan.definition.variables?.[declared.name] ?? {};
    return defaultValue === undefined || defaultValue === null
      ? (unsetValues[declared.type] ?? null)
      : fromJson(defaultValue);
  }
}
