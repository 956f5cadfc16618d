import type { EvaluationContext } from "../context.js";
import { inRange, type Timestamp } from "../timestamp.js";
import { type TimeZone, timeZoneNamed } from "../timeZones.js";
import type { Value } from "../values.js";
import { printed, timestampArgument } from "./date.js";
import { type ExpressionFunction, textArgument, wrongValue } from "./function.js";

/** Conversions between UTC and the zones that Windows names. */
export const timeZoneFunctions: readonly ExpressionFunction[] = [
  {
    name: "convertFromUtc",
    counts: [2, 3],
    call: (args, context) => {
      const given = timestampArgument("convertFromUtc", args, 0, context);
      if (given.zone !== "Z") wrongValue("convertFromUtc", "the timestamp is not in UTC");
      return printed(
        "convertFromUtc",
        local("convertFromUtc", given.ticks, zoneArgument("convertFromUtc", args, 1)),
        args,
        2,
      );
    },
  },
  {
    name: "convertToUtc",
    counts: [2, 3],
    call: (args, context) => {
      const ticks = moment("convertToUtc", args, zoneArgument("convertToUtc", args, 1), context);
      return printed("convertToUtc", { ticks, zone: "Z" }, args, 2);
    },
  },
  {
    name: "convertTimeZone",
    counts: [3, 4],
    call: (args, context) => {
      const [from, to] = [zoneArgument("convertTimeZone", args, 1), zoneArgument("convertTimeZone", args, 2)];
      const ticks = moment("convertTimeZone", args, from, context);
      return printed("convertTimeZone", local("convertTimeZone", ticks, to), args, 3);
    },
  },
];

function zoneArgument(name: string, args: readonly Value[], index: number): TimeZone {
  return timeZoneNamed(textArgument(name, args, index)) ?? wrongValue(name, "the time zone is not known");
}

/** When the local time of the first argument is, in 100 ns steps of UTC; only a time of UTC itself may say its zone. */
function moment(name: string, args: readonly Value[], zone: TimeZone, context: EvaluationContext): bigint {
  const given = timestampArgument(name, args, 0, context);
  if (given.zone !== "" && !(given.zone === "Z" && zone.isUtc)) {
    wrongValue(name, "the timestamp says a zone other than the given one");
  }
  const ticks = zone.toUtc(given.ticks);
  return ticks ?? wrongValue(name, "the zone has this local time twice, or never");
}

function local(name: string, ticks: bigint, zone: TimeZone): Timestamp {
  const timestamp = inRange({ ticks: zone.fromUtc(ticks), zone: zone.isUtc ? "Z" : "" });
  return timestamp ?? wrongValue(name, "the result is outside of the years 1 to 9999");
}
