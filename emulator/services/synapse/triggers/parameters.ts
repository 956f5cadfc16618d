import type { Json, JsonObject } from "../../../../contract/json.js";
import { azureTimestamp } from "../../../../contract/runs.js";
import type { EvaluationContext } from "../../../engine/expressions/context.js";
import { evaluateJson } from "../../../engine/expressions/evaluator.js";
import { ticksOf } from "../../../engine/expressions/ticks.js";
import { toJson } from "../../../engine/expressions/values.js";

/** One occurrence of a trigger: the moment of its schedule, and the one at which it really fires. */
export interface Occurrence {
  readonly scheduled: Date;
  readonly fired: Date;
}

/**
 * The values that a firing trigger gives to a pipeline's parameters: `@trigger().scheduledTime` and `.startTime` may be
 * in them, and nothing of a run. Throws an `ExpressionError`.
 */
export function parametersFor(
  parameters: JsonObject,
  { scheduled, fired }: Occurrence,
  newGuid: () => string,
): JsonObject {
  const context: EvaluationContext = {
    now: () => ticksOf(fired),
    newGuid,
    pipeline: new Map(),
    variable: () => undefined,
    activity: () => undefined,
    item: undefined,
    trigger: new Map([
      ["scheduledTime", scheduled.toISOString().replace(/\.\d+Z$/, "Z")],
      ["startTime", azureTimestamp(fired)],
    ]),
  };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]): [string, Json] => [name, toJson(evaluateJson(value, context))]),
  );
}
