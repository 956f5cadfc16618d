import { valueText } from "../text.js";
import type { Value } from "../values.js";
import {
  anyNumber,
  argument,
  type ExpressionFunction,
  integerArgument,
  textArgument,
  wrongType,
  wrongValue,
} from "./function.js";
import { lowered, raised } from "./letterCase.js";

const onText = (name: string, convert: (text: string) => Value): ExpressionFunction => ({
  name,
  counts: [1, 1],
  call: (args) => convert(textArgument(name, args, 0)),
});

/** Compares as the engine does for these four: without case, unlike `replace` and `split`. */
const onTwoTexts = (name: string, compare: (text: string, part: string) => Value): ExpressionFunction => ({
  name,
  counts: [2, 2],
  call: (args) => compare(raised(textArgument(name, args, 0)), raised(textArgument(name, args, 1))),
});

export const stringFunctions: readonly ExpressionFunction[] = [
  { name: "concat", counts: [1, anyNumber], call: (args) => args.map(valueText).join("") },
  onTwoTexts("startsWith", (text, part) => text.startsWith(part)),
  onTwoTexts("endsWith", (text, part) => text.endsWith(part)),
  onTwoTexts("indexOf", (text, part) => BigInt(text.indexOf(part))),
  // an empty part is found at the last letter, not behind it
  onTwoTexts("lastIndexOf", (text, part) =>
    BigInt(part === "" ? Math.max(0, text.length - 1) : text.lastIndexOf(part)),
  ),
  onText("toLower", lowered),
  onText("toUpper", raised),
  onText("trim", (text) => text.trim()),
  {
    name: "guid",
    counts: [0, 1],
    call: (args, context) => formatGuid(context.newGuid(), args.length === 0 ? "D" : textArgument("guid", args, 0)),
  },
  {
    name: "replace",
    counts: [3, 3],
    call: (args) => {
      const text = textArgument("replace", args, 0);
      const old = textArgument("replace", args, 1);
      const replacement = textArgument("replace", args, 2);
      return old === "" ? wrongValue("replace", "the text to replace is empty") : text.split(old).join(replacement);
    },
  },
  {
    name: "split",
    counts: [2, 2],
    call: (args) => {
      const text = textArgument("split", args, 0);
      const separator = textArgument("split", args, 1);
      return separator === "" ? [text] : text.split(separator);
    },
  },
  { name: "substring", counts: [2, 3], call: substring },
];

function substring(args: readonly Value[]): Value {
  const text = textArgument("substring", args, 0);
  const start = integerArgument("substring", args, 1);
  const length = args.length === 3 ? integerArgument("substring", args, 2) : BigInt(text.length) - start;
  if (start < 0n || start >= text.length) wrongValue("substring", "the start index is outside the string");
  if (length < 0n || start + length > text.length) wrongValue("substring", "the length reaches beyond the string");
  return text.slice(Number(start), Number(start + length));
}

function formatGuid(guid: string, format: string): Value {
  if (format === "D") return guid;
  if (format === "N") return guid.replaceAll("-", "");
  if (format === "B") return `{${guid}}`;
  if (format === "P") return `(${guid})`;
  if (format !== "X") return wrongValue("guid", "the format is none of N, D, B, P, X");
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = guid.split("-");
  const bytes = (fourth + fifth).match(/../g) ?? [];
  return `{0x${first},0x${second},0x${third},{${bytes.map((byte) => `0x${byte}`).join(",")}}}`;
}

/** For functions that also take other types than text. */
export function textOrArray(name: string, args: readonly Value[], index: number): string | readonly Value[] {
  const value = argument(args, index);
  return typeof value === "string" || Array.isArray(value) ? value : wrongType(name, index, "Array or String", value);
}
