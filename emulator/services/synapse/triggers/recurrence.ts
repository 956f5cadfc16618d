import { z } from "zod";
import type { Json } from "../../../../contract/json.js";
import { dateOf } from "../../../engine/expressions/ticks.js";
import { parseTimestamp } from "../../../engine/expressions/timestamp.js";
import { type TimeZone, timeZoneNamed } from "../../../engine/expressions/timeZones.js";
import { firstMoment } from "./localTime.js";

export const weekDays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
export type WeekDay = (typeof weekDays)[number];

/** The `recurrence` of a schedule trigger, read and checked (TriggerResource, 2020-12-01). */
export interface Recurrence {
  readonly frequency: "minute" | "hour" | "day" | "week" | "month";
  readonly interval: number;
  readonly start: Date;
  /** The last moment at which it may fire. */
  readonly end: Date | undefined;
  /** Whose clocks the schedule, and days and longer steps, go by. */
  readonly zone: TimeZone;
  readonly schedule: Schedule;
}

/** What narrows or widens a recurrence; an absent member does neither. */
export interface Schedule {
  readonly minutes?: readonly number[] | undefined;
  readonly hours?: readonly number[] | undefined;
  readonly weekDays?: readonly WeekDay[] | undefined;
  /** From 1, or from the month's end: -1 is its last day. */
  readonly monthDays?: readonly number[] | undefined;
  /** `occurrence` 2 is the second such day of the month, -1 the last; absent: every one. */
  readonly monthlyOccurrences?:
    | readonly { readonly day: WeekDay; readonly occurrence?: number | null | undefined }[]
    | undefined;
}

const named = <Name extends string>(names: readonly [Name, ...Name[]]) => z.string().toLowerCase().pipe(z.enum(names));
const oneOrMore = <Element extends z.ZodType>(element: Element) =>
  z.union([z.array(element).min(1), element.transform((one) => [one])]).nullish();
const fromEither = (most: number) => z.int().refine((value) => value !== 0 && Math.abs(value) <= most);

const recurrenceBody = z.object({
  frequency: named(["minute", "hour", "day", "week", "month"]),
  interval: z.int().min(1).max(1000).nullish(),
  startTime: z.string(),
  endTime: z.string().nullish(),
  timeZone: z.string().nullish(),
  schedule: z
    .object({
      minutes: oneOrMore(z.int().min(0).max(59)),
      hours: oneOrMore(z.int().min(0).max(23)),
      weekDays: oneOrMore(named(weekDays)),
      monthDays: oneOrMore(fromEither(31)),
      monthlyOccurrences: oneOrMore(z.object({ day: named(weekDays), occurrence: fromEither(5).nullish() })),
    })
    .nullish(),
});

/** The recurrence, or what is wrong with it: one sentence each, with its place. */
export function readRecurrence(json: Json): Recurrence | readonly string[] {
  const parsed = recurrenceBody.safeParse(json);
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `recurrence.${path.join(".")}: ${message}.`);
  const { frequency, interval, startTime, endTime, timeZone, schedule } = parsed.data;
  const zone = timeZoneNamed(timeZone ?? "UTC");
  if (!zone) return [`recurrence.timeZone: '${timeZone}' is not the Windows name of a time zone.`];
  const start = momentIn(startTime, zone);
  const end = endTime ? momentIn(endTime, zone) : undefined;
  const mistakes = [
    ...(start ? [] : [`recurrence.startTime: '${startTime}' is not an ISO 8601 time.`]),
    ...(endTime && !end ? [`recurrence.endTime: '${endTime}' is not an ISO 8601 time.`] : []),
    ...(schedule?.weekDays && frequency !== "week"
      ? ["recurrence.schedule.weekDays: applies to the frequency Week alone."]
      : []),
    ...((schedule?.monthDays ?? schedule?.monthlyOccurrences) && frequency !== "month"
      ? ["recurrence.schedule: monthDays and monthlyOccurrences apply to the frequency Month alone."]
      : []),
  ];
  if (!start || mistakes.length > 0) return mistakes;
  return { frequency, interval: interval ?? 1, start, end, zone, schedule: withoutNulls(schedule ?? {}) };
}

/** A time without a zone of its own is local to the trigger's zone. */
function momentIn(text: string, zone: TimeZone): Date | undefined {
  const timestamp = /^\d{4}-/.test(text) ? parseTimestamp(text) : undefined;
  if (!timestamp) return undefined;
  const given = dateOf(timestamp.ticks);
  return timestamp.zone === "" ? firstMoment(given.getTime(), zone) : given;
}

function withoutNulls(schedule: { readonly [Key in keyof Schedule]: Schedule[Key] | null }): Schedule {
  return Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== null)) as Schedule;
}
