import { dateOf, ticksOf } from "./ticks.js";

/** A point in time as .NET knows it: 100 ns steps since year 1, and what its text ends with. */
export interface Timestamp {
  readonly ticks: bigint;
  /** `Z`; `+00:00` for what was given with an offset, which is converted; empty for what was given without a zone. */
  readonly zone: "Z" | "+00:00" | "";
}

export const ticksPerSecond = 10_000_000n;
const minTicks = 0n;
const maxTicks = 3_155_378_975_999_999_999n;

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d+))?)?(?:\s*(?<half>AM|PM))?`;
const zone = String.raw`\s*(?<zone>Z|GMT|[+-]\d{2}:?\d{2})?`;
const weekday = String.raw`(?:[A-Za-z]{3,9},\s*)?`;

/** What .NET reads under en-US, as far as pipelines write it. */
const patterns = [
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ]${clock}${zone})?`,
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})(?:\s+${clock}${zone})?`,
  String.raw`${weekday}(?<name>[A-Za-z]{3,9})\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})(?:\s+${clock}${zone})?`,
  String.raw`${weekday}(?<day>\d{1,2})\s+(?<name>[A-Za-z]{3,9})\s+(?<year>\d{4})(?:\s+${clock}${zone})?`,
].map((pattern) => new RegExp(`^\\s*${pattern}\\s*$`, "i"));

/** Undefined when the text is no timestamp. */
export function parseTimestamp(text: string): Timestamp | undefined {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return fromGroups(groups);
  }
  return undefined;
}

function fromGroups(groups: Readonly<Record<string, string | undefined>>): Timestamp | undefined {
  const number = (name: string) => Number(groups[name] ?? 0);
  const month = groups["name"] === undefined ? number("month") : monthNamed(groups["name"]);
  const hour = hourOf(number("hour"), groups["half"]?.toUpperCase());
  const [minute, second] = [number("minute"), number("second")];
  if (hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const midnight = midnightOf(number("year"), month, number("day"));
  if (midnight === undefined) return undefined;
  const fraction = BigInt((groups["fraction"] ?? "").slice(0, 7).padEnd(7, "0"));
  const local = midnight + BigInt((hour * 60 + minute) * 60 + second) * ticksPerSecond + fraction;
  const given = groups["zone"]?.toUpperCase();
  if (given === undefined) return { ticks: local, zone: "" };
  if (given === "Z" || given === "GMT") return { ticks: local, zone: "Z" };
  const sign = given.startsWith("-") ? -1 : 1;
  const offset = sign * (Number(given.slice(1, 3)) * 60 + Number(given.slice(-2)));
  return inRange({ ticks: local - BigInt(offset * 60) * ticksPerSecond, zone: "+00:00" });
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour;
  return hour < 1 || hour > 12 ? undefined : (hour % 12) + (half === "PM" ? 12 : 0);
}

const monthNamed = (name: string) =>
  months.findIndex((month) => name.toLowerCase() === month || fullName(month) === name.toLowerCase()) + 1;

const fullName = (month: string) =>
  new Date(Date.UTC(2000, months.indexOf(month), 1))
    .toLocaleDateString("en-US", { month: "long", timeZone: "UTC" })
    .toLowerCase();

function midnightOf(year: number, month: number, day: number): bigint | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? ticksOf(date) : undefined;
}

/** The timestamp; undefined outside of the years 1 to 9999. */
export function inRange(timestamp: Timestamp): Timestamp | undefined {
  return timestamp.ticks >= minTicks && timestamp.ticks <= maxTicks ? timestamp : undefined;
}

/** Moves by calendar months; a day that the month does not have becomes its last. */
export function addMonths(timestamp: Timestamp, count: number): Timestamp | undefined {
  const date = dateOf(timestamp.ticks);
  const first = new Date(0);
  first.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
  const year = first.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return undefined;
  const last = new Date(0);
  last.setUTCFullYear(year, first.getUTCMonth() + 1, 0);
  const day = Math.min(date.getUTCDate(), last.getUTCDate());
  const timeOfDay = timestamp.ticks % (86_400n * ticksPerSecond);
  const midnight = midnightOf(year, first.getUTCMonth() + 1, day);
  return midnight === undefined ? undefined : { ...timestamp, ticks: midnight + timeOfDay };
}
