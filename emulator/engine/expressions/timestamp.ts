import { type CalendarDay, readDay } from "./dateText.js";
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
const maxOffsetMinutes = 14 * 60;

const zone = String.raw`(?<zone>Z|GMT|[+-]\d{1,2}(?::?\d{2})?)(?![\d:./-])`;
const time = String.raw`(?<hour>\d{1,2})(?=:|\s*[AP]M)(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d+))?)?)?\s*(?<half>[AP]M\b)?`;

/** ISO 8601 with a time, in which every part has its digits. */
const iso =
  /^(?<date>\d{4}([-/])\d{1,2}\2\d{1,2})T(?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d+))?)?\s*(?<zone>Z|[+-]\d{1,2}(?::?\d{2})?)?$/i;
/** A time anywhere in a text, with the zone behind it. */
const timeInText = new RegExp(String.raw`(?<![\d:.+-])${time}(?:\s*${zone})?(?![\d:.])`, "i");
/** A zone that is not behind a time. */
const zoneInText = /(?<zone>\bGMT\b|(?<=\d)Z\b|\+\d{1,2}(?::?\d{2})?\b|-\d{1,2}:\d{2}\b)/i;
const weekdayInText = /\b(Sun|Mon|Tue(?:s)?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?)(day)?\b/i;

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * A timestamp as .NET reads it under en-US: ISO 8601, RFC 1123, and dates and times as people write them. `now` (in ticks)
 * is for texts that leave out the date or the year. Undefined when the text is no timestamp.
 */
export function parseTimestamp(text: string, now?: bigint): Timestamp | undefined {
  const today = now === undefined ? undefined : calendarDay(now);
  const whole = iso.exec(text.trim());
  if (whole?.groups) return joined(readDay(whole.groups["date"] ?? "", today), whole.groups);
  const clock = timeInText.exec(text);
  const before = text.slice(0, clock?.index);
  const after = clock ? text.slice(clock.index + clock[0].length) : "";
  // a date is before its time or behind it, not round it
  if (/\d/.test(before) && /\d/.test(after)) return undefined;
  const withoutTime = `${before} ${after}`;
  const zoned = clock?.groups?.["zone"] === undefined ? zoneInText.exec(withoutTime) : null;
  const withoutZone = zoned ? withoutTime.replace(zoned[0], " ") : withoutTime;
  const weekday = weekdayInText.exec(withoutZone);
  const date = weekday ? withoutZone.replace(weekday[0], " ") : withoutZone;
  const day = date.trim() === "" && clock ? today : readDay(date, today);
  // a zone without a time needs a whole date
  if (zoned && !clock && (date.match(/\d+|[a-z]+/gi) ?? []).length < 3) return undefined;
  const result = joined(day, { ...clock?.groups, zone: clock?.groups?.["zone"] ?? zoned?.groups?.["zone"] });
  return weekday && day && result && weekdayOf(day) !== weekday[0].slice(0, 3).toLowerCase() ? undefined : result;
}

function calendarDay(ticks: bigint): CalendarDay {
  const date = dateOf(ticks);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const weekdayOf = ({ year, month, day }: CalendarDay) =>
  new Date(Date.UTC(year, month - 1, day))
    .toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" })
    .toLowerCase();

function joined(day: CalendarDay | undefined, groups: Groups): Timestamp | undefined {
  const hour = hourOf(Number(groups["hour"] ?? 0), groups["half"]?.toUpperCase());
  const [minute, second] = [Number(groups["minute"] ?? 0), Number(groups["second"] ?? 0)];
  const midnight = day && midnightOf(day.year, day.month, day.day);
  if (midnight === undefined || hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = BigInt((hour * 60 + minute) * 60 + second);
  const local = midnight + seconds * ticksPerSecond + fractionOf(groups["fraction"] ?? "");
  const given = groups["zone"]?.toUpperCase();
  if (given === undefined) return inRange({ ticks: local, zone: "" });
  if (given === "Z" || given === "GMT") return inRange({ ticks: local, zone: "Z" });
  const offset = offsetMinutes(given);
  return offset === undefined
    ? undefined
    : inRange({ ticks: local - BigInt(offset * 60) * ticksPerSecond, zone: "+00:00" });
}

/** Ticks; what is beyond seven digits is rounded. */
function fractionOf(digits: string): bigint {
  const next = Number(digits.charAt(7) || 0);
  return BigInt(digits.slice(0, 7).padEnd(7, "0")) + (next >= 5 ? 1n : 0n);
}

/** Of `+1`, `-0530`, `+01:00`; undefined beyond 14 hours. */
function offsetMinutes(text: string): number | undefined {
  const [, sign, hours = "", minutes = "0"] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || total > maxOffsetMinutes) return undefined;
  return sign === "-" ? -total : total;
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === "PM" && hour < 12) return hour + 12;
  if (half !== "AM") return hour;
  return hour > 12 ? undefined : hour % 12;
}

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
