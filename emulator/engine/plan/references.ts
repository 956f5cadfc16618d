import { isJsonObject, type Json } from "../../../contract/json.js";
import { type Expression, expressionsOf, walk } from "../expressions/ast.js";
import { expressionText } from "../expressions/evaluator.js";
import { ExpressionError } from "../expressions/expressionError.js";
import { parseTemplate } from "../expressions/template.js";

/** Every string of a part of a definition, with its place (`headers.Accept`, `items[2]`). */
export function* strings(json: Json, path = ""): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof json === "string") yield { path, text: json };
  else if (Array.isArray(json)) for (const [index, each] of json.entries()) yield* strings(each, `${path}[${index}]`);
  else if (isJsonObject(json)) {
    const wrapped = expressionText(json);
    if (wrapped !== undefined) yield { path, text: wrapped };
    else for (const [key, each] of Object.entries(json)) yield* strings(each, path === "" ? key : `${path}.${key}`);
  }
}

/** The names, in lower case, that `variables('x')` or `activity('x')` read by a literal. */
export function namesRead(json: Json, reference: "variables" | "activity"): readonly string[] {
  return [...strings(json)].flatMap(({ text }) =>
    nodesOf(text).flatMap((node) => {
      const name = literalName(node, reference);
      return name === undefined ? [] : [name.toLowerCase()];
    }),
  );
}

/** The name in `variables('x')` or `activity('x')`; undefined for any other node and for a computed name. */
export function literalName(node: Expression, reference: "variables" | "activity"): string | undefined {
  if (node.kind !== "call" || node.name.toLowerCase() !== reference) return undefined;
  const [name] = node.args;
  return name?.kind === "literal" && typeof name.value === "string" ? name.value : undefined;
}

/** The name in `pipeline().parameters.x`; undefined for any other node and where `?` allows it to be missing. */
export function parameterName(node: Expression): string | undefined {
  if (node.kind !== "access" || node.optional || node.target.kind !== "access") return undefined;
  const { target, key } = node.target;
  const ofPipeline = target.kind === "call" && target.name.toLowerCase() === "pipeline";
  return ofPipeline && keyText(key)?.toLowerCase() === "parameters" ? keyText(node.key) : undefined;
}

const keyText = (key: Expression) => (key.kind === "literal" && typeof key.value === "string" ? key.value : undefined);

/** Every node of every expression in a text; none when it cannot be parsed, which is reported elsewhere. */
function nodesOf(text: string): readonly Expression[] {
  try {
    return expressionsOf(parseTemplate(text)).flatMap((expression) => [...walk(expression)]);
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}
