import { z } from "zod";
import { isJsonObject, type Json } from "../../../contract/json.js";
import { evaluateText } from "./evaluateText.js";
import { ExpressionError } from "./expressionError.js";
import { ticksOf } from "./ticks.js";
import { toJson, typeOf, type Value } from "./values.js";

const json: z.ZodType<Json> = z.json();
const object = z.record(z.string(), json);

/** What an expression may refer to, and what time it is. */
export const contextSchema = z.strictObject({
  parameters: object.optional(),
  globalParameters: object.optional(),
  pipeline: object.optional(),
  variables: object.optional(),
  activities: object.optional(),
  item: json.optional(),
  now: z.iso.datetime().optional(),
});

/** An expression with what it must give: a value (one of several, where sources disagree) or an error's category. */
export const caseSchema = z.looseObject({
  id: z.string(),
  expression: z.string(),
  context: contextSchema.optional(),
  expected: json.optional(),
  expectedType: z.string().optional(),
  /** The digits of an integer that JSON's numbers do not hold. */
  expectedText: z.string().optional(),
  alsoAccept: z.array(json).optional(),
  error: z.string().optional(),
});

export type ExpressionCase = z.infer<typeof caseSchema>;

/** Evaluates a string of a definition; the context's `now` comes before the given one. */
export function evaluateIn(
  expression: string,
  context: z.infer<typeof contextSchema>,
  world: { readonly now: () => Date; readonly newGuid: () => string },
): Value {
  const { now: moment, ...references } = context;
  const now = moment === undefined ? ticksOf(world.now()) : ticksIn(moment);
  return evaluateText(expression, withoutMissing(references), { now: () => now, newGuid: world.newGuid });
}

/** What the case gives instead of what it should; undefined when it passes. */
export function differenceIn(
  given: ExpressionCase,
  world: { readonly now: () => Date; readonly newGuid: () => string },
): string | undefined {
  const result = outcomeOf(given, world);
  if (given.error !== undefined) {
    const found = "error" in result ? result.error : JSON.stringify(result.json);
    return found === given.error ? undefined : `expected the error ${given.error}, got ${found}`;
  }
  const accepted = [given.expected ?? null, ...(given.alsoAccept ?? [])].map(canonical);
  if ("error" in result) return `expected ${accepted.join(" or ")}, got the error ${result.error}: ${result.message}`;
  const found = canonical(result.json);
  if (!accepted.includes(found)) return `expected ${accepted.join(" or ")}, got ${found}`;
  const sure = given.alsoAccept === undefined;
  if (sure && given.expectedType !== undefined && given.expectedType !== result.type) {
    return `expected the type ${given.expectedType}, got ${result.type}`;
  }
  const digits = given.expectedText;
  return digits === undefined || digits === result.text ? undefined : `expected ${digits}, got ${result.text}`;
}

function outcomeOf({ expression, context }: ExpressionCase, world: Parameters<typeof differenceIn>[1]) {
  try {
    const value = evaluateIn(expression, context ?? {}, world);
    return { type: typeOf(value).toLowerCase(), json: toJson(value), text: String(value) };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.category, message: error.message };
    throw error;
  }
}

/** JSON in which the order of keys, which is no part of a value, is always the same. */
function canonical(value: Json): string {
  const sorted = (_key: string, each: Json): Json =>
    isJsonObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each;
  return JSON.stringify(value, sorted);
}

/** All seven digits of a second's fraction, where a date holds three. */
function ticksIn(moment: string): bigint {
  const [, whole = moment, fraction = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(moment) ?? [];
  return ticksOf(new Date(`${whole}Z`)) + BigInt(fraction.slice(0, 7).padEnd(7, "0"));
}

function withoutMissing<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
