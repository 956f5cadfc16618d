import type { Json, JsonObject } from "../../../contract/json.js";
import type { EvaluationContext } from "./context.js";
import { evaluateTemplate } from "./evaluator.js";
import { fromJson, isValueObject, memberOf, type Value, type ValueObject } from "./values.js";

/** What a text may refer to when it is evaluated outside of a run. */
export interface TextContext {
  readonly parameters?: JsonObject;
  readonly globalParameters?: JsonObject;
  /** System variables: `RunId`, `Pipeline`, `TriggerTime`… */
  readonly pipeline?: JsonObject;
  readonly variables?: JsonObject;
  /** By name: `output`, `status`, `error`. */
  readonly activities?: JsonObject;
  readonly item?: Json;
}

/**
 * Evaluates one string of a definition (text, `@expression` or interpolation). Throws an `ExpressionError`. `now` is
 * in 100 ns steps since year 1, `newGuid` gives version 4 GUIDs.
 */
export function evaluateText(
  text: string,
  context: TextContext,
  world: { readonly now: () => bigint; readonly newGuid: () => string },
): Value {
  const variables = objectFrom(context.variables);
  const activities = objectFrom(context.activities);
  const references: EvaluationContext = {
    ...world,
    pipeline: new Map<string, Value>([
      ...objectFrom(context.pipeline),
      ["parameters", objectFrom(context.parameters)],
      ["globalParameters", objectFrom(context.globalParameters)],
    ]),
    variable: (name) => memberOf(variables, name),
    activity: (name) => {
      const found = memberOf(activities, name);
      return isValueObject(found) ? found : undefined;
    },
    item: context.item === undefined ? undefined : fromJson(context.item),
  };
  return evaluateTemplate(text, references);
}

function objectFrom(json: JsonObject | undefined): ValueObject {
  return new Map(Object.entries(json ?? {}).map(([key, member]) => [key, fromJson(member)]));
}
