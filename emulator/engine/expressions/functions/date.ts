import type { EvaluationContext } from "../context.js";
import { type Culture, cultureNamed } from "../culture.js";
import { dateOf, ticksOf } from "../ticks.js";
import { addMonths, inRange, parseTimestamp, type Timestamp, ticksPerSecond } from "../timestamp.js";
import { formatTimestamp } from "../timestampFormat.js";
import type { Value } from "../values.js";
import { type ExpressionFunction, integerArgument, textArgument, wrongValue } from "./function.js";

const secondsIn: Readonly<Record<string, bigint>> = {
  second: 1n,
  minute: 60n,
  hour: 3600n,
  day: 86_400n,
  week: 604_800n,
};
const monthsIn: Readonly<Record<string, bigint>> = { month: 1n, year: 12n };
/** Beyond the span of years 1 to 9999 in seconds. */
const maxCount = 400_000_000_000n;

const adding = (name: string, unit: string): ExpressionFunction => ({
  name,
  counts: [2, 3],
  call: (args, context) => {
    const given = timestampArgument(name, args, 0, context);
    return printed(name, moved(name, given, integerArgument(name, args, 1), unit), args, 2);
  },
});

/** `sign` -1 goes back in time. */
const moving = (name: string, sign: bigint): ExpressionFunction => ({
  name,
  counts: [3, 4],
  call: (args, context) => {
    const given = timestampArgument(name, args, 0, context);
    const count = sign * integerArgument(name, args, 1);
    return printed(name, moved(name, given, count, textArgument(name, args, 2)), args, 3);
  },
});

const fromNow = (name: string, sign: bigint): ExpressionFunction => ({
  name,
  counts: [2, 3],
  call: (args, context) => {
    const now: Timestamp = { ticks: context.now(), zone: "Z" };
    return printed(name, moved(name, now, sign * integerArgument(name, args, 0), textArgument(name, args, 1)), args, 2);
  },
});

const startOf = (name: string, cut: (date: Date) => void): ExpressionFunction => ({
  name,
  counts: [1, 2],
  call: (args, context) => {
    const given = timestampArgument(name, args, 0, context);
    const date = dateOf(given.ticks);
    cut(date);
    return printed(name, { ...given, ticks: ticksOf(date) }, args, 1);
  },
});

const part = (name: string, read: (timestamp: Timestamp) => bigint): ExpressionFunction => ({
  name,
  counts: [1, 1],
  call: (args, context) => read(timestampArgument(name, args, 0, context)),
});

export const dateFunctions: readonly ExpressionFunction[] = [
  {
    name: "utcNow",
    counts: [0, 1],
    call: (args, context) => printed("utcNow", { ticks: context.now(), zone: "Z" }, args, 0),
  },
  adding("addSeconds", "second"),
  adding("addMinutes", "minute"),
  adding("addHours", "hour"),
  adding("addDays", "day"),
  moving("addToTime", 1n),
  moving("subtractFromTime", -1n),
  fromNow("getFutureTime", 1n),
  fromNow("getPastTime", -1n),
  startOf("startOfHour", (date) => date.setUTCMinutes(0, 0, 0)),
  startOf("startOfDay", (date) => date.setUTCHours(0, 0, 0, 0)),
  startOf("startOfMonth", (date) => {
    date.setUTCDate(1);
    date.setUTCHours(0, 0, 0, 0);
  }),
  part("dayOfMonth", ({ ticks }) => BigInt(dateOf(ticks).getUTCDate())),
  part("dayOfWeek", ({ ticks }) => BigInt(dateOf(ticks).getUTCDay())),
  part("dayOfYear", ({ ticks }) => dayOfYear(dateOf(ticks))),
  part("ticks", ({ ticks }) => ticks),
  {
    name: "formatDateTime",
    counts: [1, 3],
    call: (args, context) =>
      printed("formatDateTime", timestampArgument("formatDateTime", args, 0, context), args, 1, cultureArgument(args)),
  },
];

/** An argument that is a timestamp. */
export function timestampArgument(
  name: string,
  args: readonly Value[],
  index: number,
  context: EvaluationContext,
): Timestamp {
  const text = textArgument(name, args, index);
  return parseTimestamp(text, context.now()) ?? wrongValue(name, "the text is not a valid timestamp");
}

/** In the format of the given argument, else in the round-trip format. */
export function printed(
  name: string,
  value: Timestamp,
  args: readonly Value[],
  formatAt: number,
  culture?: Culture,
): string {
  const format = args.length > formatAt ? textArgument(name, args, formatAt) : "o";
  return formatTimestamp(value, format, culture) ?? wrongValue(name, "the format is not valid");
}

function moved(name: string, value: Timestamp, count: bigint, unit: string): Timestamp {
  const key = unit.toLowerCase();
  const seconds = Object.hasOwn(secondsIn, key) ? secondsIn[key] : undefined;
  const months = Object.hasOwn(monthsIn, key) ? monthsIn[key] : undefined;
  if (seconds === undefined && months === undefined) wrongValue(name, "the unit is none of Second to Year");
  const possible = count <= maxCount && count >= -maxCount;
  const result = !possible
    ? undefined
    : seconds !== undefined
      ? inRange({ ...value, ticks: value.ticks + count * seconds * ticksPerSecond })
      : addMonths(value, Number(count * (months ?? 1n)));
  return result ?? wrongValue(name, "the result is outside of the years 1 to 9999");
}

function dayOfYear(date: Date): bigint {
  const first = new Date(date);
  first.setUTCMonth(0, 1);
  return BigInt(Math.floor((date.getTime() - first.getTime()) / 86_400_000) + 1);
}

/** Undefined for American English, which needs none. */
function cultureArgument(args: readonly Value[]): Culture | undefined {
  const tag = args.length > 2 ? textArgument("formatDateTime", args, 2) : "en-US";
  if (tag.toLowerCase() === "en-us") return undefined;
  return cultureNamed(tag) ?? wrongValue("formatDateTime", "the locale is not known");
}
