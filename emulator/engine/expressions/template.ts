import type { Expression, Template } from "./ast.js";
import { ExpressionError } from "./expressionError.js";
import { parseExpression } from "./parser.js";

/** Definitions are few and their strings recur with every run. */
const maxCached = 5000;
const cache = new Map<string, Template>();

/** What a string of a definition means; throws an `ExpressionError` "parse" whose offset counts in `text`. */
export function parseTemplate(text: string): Template {
  let template = cache.get(text);
  if (!template) {
    template = read(text);
    if (cache.size >= maxCached) cache.clear();
    cache.set(text, template);
  }
  return template;
}

function read(text: string): Template {
  if (text.startsWith("@@")) return { kind: "text", text: text.slice(1) };
  if (text.startsWith("@") && !text.startsWith("@{") && text.length > 1) {
    return { kind: "expression", expression: parseAt(text, 1, text.length) };
  }
  return text.includes("@{") ? interpolation(text) : { kind: "text", text };
}

function interpolation(text: string): Template {
  const parts: (string | Expression)[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    if (text.startsWith("@@{", at)) {
      literal += "@{";
      at += 3;
    } else if (text.startsWith("@{", at)) {
      const end = closingBrace(text, at + 2);
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(parseAt(text, at + 2, end));
      at = end + 1;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  if (parts.length === 0) return { kind: "text", text: literal };
  if (literal !== "") parts.push(literal);
  return { kind: "interpolation", parts };
}

/** The first `}` outside of quotes: the grammar has no other braces. */
function closingBrace(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    if (text[at] === "}" && !quoted) return at;
  }
  throw new ExpressionError("parse", `${failed(text.slice(from))} '@{' is not closed.`, from - 2);
}

function parseAt(text: string, from: number, to: number): Expression {
  const inner = text.slice(from, to);
  try {
    return parseExpression(inner);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const offset = (error.offset ?? 0) + from;
    throw new ExpressionError("parse", `${failed(inner)} ${error.message} at position ${offset}.`, offset);
  }
}

const failed = (expression: string) => `Unable to parse template language expression '${expression.slice(0, 200)}':`;
