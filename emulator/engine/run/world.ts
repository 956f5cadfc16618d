import type { Json } from "../../../contract/json.js";
import { azureTimestamp } from "../../../contract/runs.js";
import type { ChildRuns } from "../activities/activityType.js";
import type { EvaluationContext } from "../expressions/context.js";
import { evaluateJson } from "../expressions/evaluator.js";
import { ticksOf } from "../expressions/ticks.js";
import { fromJson, type Value, type ValueObject } from "../expressions/values.js";
import type { Plan } from "../plan/planned.js";
import type { EnginePorts } from "../ports.js";
import type { History } from "./history.js";
import type { Outputs } from "./outputs.js";
import type { RunFacts } from "./records.js";
import type { Rest } from "./rest.js";
import { variableValue } from "./variables.js";

/** Where an activity runs: at the top, in a branch, or in one round of a loop. */
export interface Frame {
  /** What the places of its activities begin with, in the journal. */
  readonly prefix: string;
  readonly iterationHash: string;
  /** `item()`; undefined outside of a ForEach. */
  readonly item: Value | undefined;
  readonly outputs: Outputs;
  readonly signal: AbortSignal;
}

/** What the activities of one run share. */
export class World {
  constructor(
    readonly ports: EnginePorts,
    readonly plan: Plan,
    readonly facts: RunFacts,
    readonly history: History,
    /** Stops the whole run. */
    readonly controller: AbortController,
    readonly rest: Rest,
    private readonly parameters: ValueObject,
    /** The runs that an activity run of this one starts, by its id. */
    readonly children: (activityRunId: string) => ChildRuns,
  ) {}

  /** What `pipeline()` gives; not kept, because many runs wait and few expressions ask. */
  get system(): ValueObject {
    const { ports, facts, parameters } = this;
    const { invokedBy } = facts;
    const { globalParameters } = ports.workspace;
    return new Map<string, Value>([
      ["DataFactory", ports.workspace.name],
      ["Pipeline", facts.pipelineName],
      ["RunId", facts.runId],
      ["GroupId", facts.runGroupId],
      ["TriggerType", invokedBy.invokedByType],
      ["TriggerId", invokedBy.id],
      ["TriggerName", invokedBy.name],
      ["TriggerTime", azureTimestamp(facts.start)],
      ["TriggeredByPipelineName", invokedBy.pipelineName ?? null],
      ["TriggeredByPipelineRunId", invokedBy.pipelineRunId ?? null],
      ["parameters", parameters],
      ...(globalParameters ? ([["globalParameters", fromJson(globalParameters)]] as const) : []),
    ]);
  }

  /** Evaluates every string in a part of the definition as seen from the frame. */
  evaluate(json: Json, frame: Frame): Value {
    return evaluateJson(json, new FrameContext(this, frame));
  }

  /** The present value; undefined when the pipeline has no such variable. */
  variable(name: string): Value | undefined {
    return variableValue(this.plan.definition, this.history, name);
  }
}

/** What expressions read, as seen from a frame. */
class FrameContext implements EvaluationContext {
  constructor(
    private readonly world: World,
    private readonly frame: Frame,
  ) {}

  get pipeline(): ValueObject {
    return this.world.system;
  }

  get item(): Value | undefined {
    return this.frame.item;
  }

  now(): bigint {
    return ticksOf(this.world.ports.clock.now());
  }

  newGuid(): string {
    return this.world.ports.ids.uuid();
  }

  variable(name: string): Value | undefined {
    return this.world.variable(name);
  }

  activity(name: string): ValueObject | undefined {
    return this.frame.outputs.get(name.toLowerCase());
  }
}
