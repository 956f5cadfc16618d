import { IANAZone } from "luxon";
import { findIana, WINDOWS_TO_IANA_MAP } from "windows-iana";
import { dateOf } from "./ticks.js";
import { ticksPerSecond } from "./timestamp.js";

/** How local time differs from UTC in one zone. */
export interface TimeZone {
  readonly isUtc: boolean;
  /** The local time at this moment; both in 100 ns steps since year 1. */
  fromUtc(ticks: bigint): bigint;
  /** The moment of this local time; undefined for one that the zone has twice or never (when its clocks are changed). */
  toUtc(localTicks: bigint): bigint | undefined;
}

const windowsNames = new Map(
  [...new Set(WINDOWS_TO_IANA_MAP.map(({ windowsName }) => windowsName))].map((name) => [name.toLowerCase(), name]),
);
const known = new Map<string, TimeZone>();

/** The zone of that Windows name (`Pacific Standard Time`), in any case; undefined when there is none. */
export function timeZoneNamed(name: string): TimeZone | undefined {
  const key = name.toLowerCase();
  const [iana] = findIana(windowsNames.get(key) ?? "");
  if (iana === undefined) return undefined;
  const zone = known.get(key) ?? openZone(IANAZone.create(iana), key === "utc");
  known.set(key, zone);
  return zone;
}

function openZone(zone: IANAZone, isUtc: boolean): TimeZone {
  // to the minute: before there was standard time, IANA's data has seconds
  const offsetAt = (ticks: bigint) => BigInt(Math.round(zone.offset(dateOf(ticks).getTime()))) * 60n * ticksPerSecond;
  return {
    isUtc,
    fromUtc: (ticks) => ticks + offsetAt(ticks),
    toUtc(local) {
      const aDay = 86_400n * ticksPerSecond;
      const offsets = new Set([offsetAt(local - aDay), offsetAt(local + aDay)]);
      const moments = [...offsets].map((offset) => local - offset).filter((at) => at + offsetAt(at) === local);
      return moments.length === 1 ? moments[0] : undefined;
    },
  };
}
