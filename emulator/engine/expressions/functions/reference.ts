import { ExpressionError } from "../expressionError.js";
import { type ExpressionFunction, placeMistake, textArgument } from "./function.js";

/** What reads from the run: `pipeline()`, `variables('v')`, `activity('A')`, `item()`, and from the definitions of other artifacts. */
export const referenceFunctions: readonly ExpressionFunction[] = [
  { name: "pipeline", counts: [0, 0], call: (_args, context) => context.pipeline },
  {
    name: "variables",
    counts: [1, 1],
    call: (args, context) => {
      const name = textArgument("variables", args, 0);
      const value = context.variable(name);
      if (value !== undefined) return value;
      throw new ExpressionError(
        "unknown-variable",
        `The variable '${name}' of 'variables' is not defined in the pipeline.`,
      );
    },
  },
  {
    name: "activity",
    counts: [1, 1],
    countError: "item-out-of-scope",
    call: (args, context) => {
      const name = textArgument("activity", args, 0);
      const value = context.activity(name);
      if (value !== undefined) return value;
      throw new ExpressionError(
        "unknown-activity",
        `The output of activity '${name}' can't be referenced: the activity does not exist, has not ended or was skipped.`,
      );
    },
  },
  {
    name: "item",
    counts: [0, 0],
    call: (_args, context) => {
      if (context.item !== undefined) return context.item;
      throw new ExpressionError(
        "item-out-of-scope",
        "The template function 'item' is only valid inside a ForEach or Filter.",
      );
    },
  },
  inDefinitionOf("trigger", "trigger"),
  inDefinitionOf("dataset", "dataset"),
  inDefinitionOf("linkedService", "linked service"),
];

function inDefinitionOf(name: "trigger" | "dataset" | "linkedService", onlyIn: string): ExpressionFunction {
  return {
    name,
    counts: [0, 0],
    onlyIn,
    call: (_args, context) => {
      const value = context[name];
      if (value !== undefined) return value;
      throw new ExpressionError("item-out-of-scope", placeMistake({ name, onlyIn }));
    },
  };
}
