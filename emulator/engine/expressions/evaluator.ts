import { isJsonObject, type Json } from "../../../contract/json.js";
import { select } from "./access.js";
import type { Expression } from "./ast.js";
import type { EvaluationContext } from "./context.js";
import { ExpressionError } from "./expressionError.js";
import { countMistake } from "./functions/function.js";
import { findFunction } from "./functions/table.js";
import { parseTemplate } from "./template.js";
import { valueText } from "./text.js";
import { fromJson, type Value } from "./values.js";

function evaluate(expression: Expression, context: EvaluationContext): Value {
  if (expression.kind === "literal") return expression.value;
  if (expression.kind === "access") {
    return select(evaluate(expression.target, context), evaluate(expression.key, context), expression.optional);
  }
  const { name, args, offset } = expression;
  const called = findFunction(name);
  if (!called) {
    throw new ExpressionError(
      "unknown-function",
      `The template function '${name}' is not defined or not valid.`,
      offset,
    );
  }
  const mistake = countMistake(called, args.length);
  if (mistake !== undefined) throw new ExpressionError(called.countError ?? "arg-count", mistake, offset);
  return "lazy" in called
    ? called.lazy(args.map((argument) => () => evaluate(argument, context)))
    : called.call(
        args.map((argument) => evaluate(argument, context)),
        context,
      );
}

/** The value of one string of a definition: text, expression or interpolation. */
export function evaluateTemplate(text: string, context: EvaluationContext): Value {
  const template = parseTemplate(text);
  if (template.kind === "text") return template.text;
  if (template.kind === "expression") return evaluate(template.expression, context);
  return template.parts.map((part) => (typeof part === "string" ? part : valueText(evaluate(part, context)))).join("");
}

/** A part of a definition with every string in it evaluated; `{"value": …, "type": "Expression"}` becomes its value. */
export function evaluateJson(json: Json, context: EvaluationContext): Value {
  if (typeof json === "string") return evaluateTemplate(json, context);
  if (Array.isArray(json)) return json.map((element) => evaluateJson(element, context));
  if (!isJsonObject(json)) return fromJson(json);
  const wrapped = expressionText(json);
  if (wrapped !== undefined) return evaluateTemplate(wrapped, context);
  return new Map(Object.entries(json).map(([key, member]) => [key, evaluateJson(member, context)]));
}

/** The text inside an Expression wrapper; return values name it `content`. */
export function expressionText(json: Json): string | undefined {
  if (!isJsonObject(json) || json["type"] !== "Expression") return undefined;
  const text = json["value"] ?? json["content"];
  return typeof text === "string" ? text : undefined;
}
