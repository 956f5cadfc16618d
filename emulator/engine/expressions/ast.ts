import type { Value } from "./values.js";

/** A parsed expression; `offset` is the place in the text it was read from. */
export type Expression =
  | { readonly kind: "literal"; readonly value: Value; readonly offset: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly offset: number }
  | {
      readonly kind: "access";
      readonly target: Expression;
      readonly key: Expression;
      /** `?.x` and `?[x]`: null instead of an error when this step finds nothing. */
      readonly optional: boolean;
      readonly offset: number;
    };

/** What a string of a definition is: plain text, one expression, or text with `@{…}` parts. */
export type Template =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "interpolation"; readonly parts: readonly (string | Expression)[] };

/** The expression and everything inside it, outer ones first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  if (expression.kind === "call") for (const argument of expression.args) yield* walk(argument);
  if (expression.kind === "access") {
    yield* walk(expression.target);
    yield* walk(expression.key);
  }
}

/** Every expression that a template holds. */
export function expressionsOf(template: Template): readonly Expression[] {
  if (template.kind === "expression") return [template.expression];
  if (template.kind === "text") return [];
  return template.parts.filter((part) => typeof part !== "string");
}
