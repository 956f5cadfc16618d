import { dateOf, ticksOf } from "../../../engine/expressions/ticks.js";
import type { TimeZone } from "../../../engine/expressions/timeZones.js";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** What the zone's clocks show at a moment, in milliseconds as if they showed UTC. */
export function localTime(moment: number, zone: TimeZone): number {
  return dateOf(zone.fromUtc(ticksOf(new Date(moment)))).getTime();
}

/**
 * When the zone's clocks show that time: the first time, where they show it twice; where they skip it, as much later as
 * they are put forward. Inferred: the service's pages say only that it follows daylight saving.
 */
export function firstMoment(local: number, zone: TimeZone): Date {
  const unique = zone.toUtc(ticksOf(new Date(local)));
  if (unique !== undefined) return dateOf(unique);
  const dayBefore = local - dayMs;
  const offsetBefore = localTime(dayBefore, zone) - dayBefore;
  return new Date(local - offsetBefore);
}
