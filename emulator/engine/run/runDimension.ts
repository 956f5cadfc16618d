import type { JsonObject } from "../../../contract/json.js";
import type { PipelineDefinition } from "../../../contract/pipeline.js";
import { evaluateText } from "../expressions/evaluateText.js";
import { expressionText } from "../expressions/evaluator.js";
import { ExpressionError } from "../expressions/expressionError.js";
import { valueText } from "../expressions/text.js";
import { ticksOf } from "../expressions/ticks.js";
import { toJson, type ValueObject } from "../expressions/values.js";
import type { EnginePorts } from "../ports.js";

/** The definition's `runDimensions`, by which monitors group runs, as texts; one that cannot be evaluated is empty. */
export function runDimensionOf(
  definition: PipelineDefinition,
  parameters: ValueObject,
  system: JsonObject,
  { start, ids }: { readonly start: Date; readonly ids: EnginePorts["ids"] },
): JsonObject {
  const context = { pipeline: system, parameters: toJson(parameters) as JsonObject };
  const world = { now: () => ticksOf(start), newGuid: () => ids.uuid() };
  const evaluated = (text: string) => {
    try {
      return valueText(evaluateText(text, context, world));
    } catch (error) {
      if (error instanceof ExpressionError) return "";
      throw error;
    }
  };
  const dimensions = Object.entries(definition.runDimensions ?? {});
  return Object.fromEntries(
    dimensions.map(([name, value]) => [name, evaluated(expressionText(value) ?? String(value))]),
  );
}
