import { parseJson } from "../json.js";
import { binaryContent, valueText } from "../text.js";
import { isValueArray, isValueObject, type Value } from "../values.js";
import { anyNumber, argument, type ExpressionFunction, wrongType, wrongValue } from "./function.js";
import { jsonOfXml } from "./xml.js";

export const conversionFunctions: readonly ExpressionFunction[] = [
  { name: "array", counts: [1, 1], call: ([value = null]) => (isValueArray(value) ? value : [value]) },
  { name: "createArray", counts: [1, anyNumber], call: (args) => args },
  {
    name: "coalesce",
    counts: [1, anyNumber],
    call: (args) => args.find((value) => value !== null) ?? null,
  },
  { name: "string", counts: [1, 1], call: ([value = null]) => valueText(value) },
  { name: "bool", counts: [1, 1], call: ([value = null]) => bool(value) },
  { name: "int", counts: [1, 1], call: ([value = null]) => int(value) },
  { name: "float", counts: [1, 1], call: ([value = null]) => float(value) },
  { name: "json", counts: [1, 1], call: json },
];

function bool(value: Value): Value {
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint" || typeof value === "number") return Number(value) !== 0;
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (word === "true" || word === "false") return word === "true";
  return wrongValue("bool", "the value is neither a number nor 'true' nor 'false'");
}

function int(value: Value): Value {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  const number = typeof value === "string" ? numberIn(value) : value;
  const integral = typeof number === "number" && Number.isInteger(number) ? BigInt(number) : undefined;
  if (integral === undefined || BigInt.asIntN(64, integral) !== integral) {
    return wrongValue("int", "the value is not an integer");
  }
  const digits = typeof value === "string" ? value.trim().replaceAll(",", "") : "";
  return /^[+-]?\d+$/.test(digits) ? BigInt(digits.replace(/^\+/, "")) : integral;
}

function float(value: Value): Value {
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "string" ? numberIn(value) : undefined;
  return number ?? wrongValue("float", "the value is not a number");
}

/** A number as .NET reads it: blanks around it, commas between thousands (wherever they stand), an exponent. */
function numberIn(text: string): number | undefined {
  const digits = text.trim().replace(/(?<=\d),/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits) ? Number(digits) : undefined;
}

function json(args: readonly Value[]): Value {
  const value = argument(args, 0);
  const fromXml = jsonOfXml(value);
  if (fromXml !== undefined) return fromXml;
  const text = isValueObject(value) ? binaryContent(value)?.toString("utf8") : value;
  if (typeof text !== "string") return wrongType("json", 0, "String", value);
  if (text.trim() === "") return null;
  const parsed = parseJson(text, { lenient: true });
  return parsed.ok ? parsed.value : wrongValue("json", `the text is not valid JSON: ${parsed.problem}`);
}
