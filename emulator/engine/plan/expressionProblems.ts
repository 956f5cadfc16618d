import type { Json } from "../../../contract/json.js";
import type { Problem } from "../errors.js";
import { type Expression, expressionsOf, walk } from "../expressions/ast.js";
import { ExpressionError } from "../expressions/expressionError.js";
import { countMistake, placeMistake } from "../expressions/functions/function.js";
import { findFunction } from "../expressions/functions/table.js";
import { parseTemplate } from "../expressions/template.js";
import { literalName, parameterName, strings } from "./references.js";

/** The names, in lower case, that the expressions of a pipeline may use. */
export interface KnownNames {
  readonly parameters: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly activities: ReadonlySet<string>;
}

/** Texts that cannot be parsed, unknown functions, wrong numbers of arguments, and names that the pipeline does not have. */
export function expressionProblems(json: Json, path: string, known: KnownNames): readonly Problem[] {
  return [...strings(json, path)].flatMap((place) => {
    try {
      return expressionsOf(parseTemplate(place.text))
        .flatMap((expression) => [...walk(expression)])
        .flatMap((node) => mistakeIn(node, known) ?? [])
        .map((message) => ({ path: place.path, message }));
    } catch (error) {
      if (error instanceof ExpressionError) return [{ path: place.path, message: error.message }];
      throw error;
    }
  });
}

function mistakeIn(node: Expression, known: KnownNames): string | undefined {
  if (node.kind === "call") {
    const called = findFunction(node.name);
    if (!called) return `The template function '${node.name}' is not defined or not valid.`;
    const mistake = countMistake(called, node.args.length);
    if (mistake !== undefined) return mistake;
    if (called.onlyIn !== undefined) return placeMistake({ name: called.name, onlyIn: called.onlyIn });
  }
  const parameter = parameterName(node);
  if (parameter !== undefined && !known.parameters.has(parameter.toLowerCase())) {
    return `The parameter '${parameter}' is not defined in the pipeline.`;
  }
  const variable = literalName(node, "variables");
  if (variable !== undefined && !known.variables.has(variable.toLowerCase())) {
    return `The variable '${variable}' is not defined in the pipeline.`;
  }
  const activity = literalName(node, "activity");
  if (activity !== undefined && !known.activities.has(activity.toLowerCase())) {
    return `The activity '${activity}' is not defined in the pipeline.`;
  }
  return undefined;
}
