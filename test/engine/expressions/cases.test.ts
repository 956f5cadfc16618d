import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import type { Json } from "../../../contract/json.js";
import { isJsonObject } from "../../../contract/json.js";
import { ExpressionError } from "../../../emulator/engine/expressions/expressionError.js";
import { ticksOf } from "../../../emulator/engine/expressions/ticks.js";
import { toJson, typeOf } from "../../../emulator/engine/expressions/values.js";
import { evaluateText, type TextContext } from "./evaluateText.js";

interface Case {
  readonly id: string;
  readonly group: string;
  readonly expression: string;
  readonly context?: TextContext & { readonly now?: string };
  readonly expected?: Json;
  readonly expectedType?: string;
  readonly expectedText?: string;
  readonly alsoAccept?: readonly Json[];
  readonly error?: string;
}

const file = path.join(import.meta.dirname, "../../fixtures/expression-cases.json");
const cases: readonly Case[] = JSON.parse(readFileSync(file, "utf8"));

function outcome({ expression, context }: Case) {
  const now = ticks(context?.now ?? "2024-02-29T23:30:15.1234567Z");
  try {
    const value = evaluateText(expression, context ?? {}, { now: () => now, newGuid: randomIds.uuid });
    return { type: typeOf(value).toLowerCase(), value: plain(toJson(value)), text: String(value) };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.category };
    throw error;
  }
}

function ticks(iso: string): bigint {
  const [, whole = "", fraction = ""] = /^(.*)\.(\d{7})Z$/.exec(iso) ?? [];
  return ticksOf(new Date(`${whole}Z`)) + BigInt(fraction);
}

/** Key order is no part of a value. */
function plain(json: Json): Json {
  if (Array.isArray(json)) return json.map(plain);
  return isJsonObject(json) ? Object.fromEntries(Object.entries(json).map(([key, each]) => [key, plain(each)])) : json;
}

describe("expression cases", () => {
  it.each(cases)("$id $expression", (given) => {
    const result = outcome(given);
    if (given.error !== undefined) {
      expect(result).toEqual({ error: given.error });
    } else if (given.alsoAccept) {
      expect([given.expected, ...given.alsoAccept]).toContainEqual(result.value);
    } else {
      expect(result).toMatchObject({ type: given.expectedType, value: given.expected });
      if (given.expectedText !== undefined) expect(result.text).toBe(given.expectedText);
    }
  });
});
