import type { Json } from "../../../contract/json.js";
import { toJson, type Value } from "../expressions/values.js";
import { invalidProperty } from "./activityFailure.js";
import type { ActivityType } from "./activityType.js";
import { isDynamic, literalOf } from "./dynamic.js";

/** Pauses: `waitTimeInSeconds` is an integer, an expression, or text in digits. */
export const wait: ActivityType = {
  name: "Wait",
  nesting: "leaf",
  policy: "none",
  check(properties, report) {
    const seconds = literalOf(properties["waitTimeInSeconds"]);
    if (seconds === undefined) report("waitTimeInSeconds", "waitTimeInSeconds is required.");
    else if (!isDynamic(seconds) && secondsIn(plain(seconds)) === undefined) report("waitTimeInSeconds", mistake);
  },
  async run(context) {
    const kept = context.recall("seconds");
    const value = kept ?? context.evaluate(context.properties["waitTimeInSeconds"]);
    const seconds = secondsIn(value);
    if (seconds === undefined) throw invalidProperty(mistake);
    context.showInput({ waitTimeInSeconds: toJson(value) });
    if (kept === undefined) context.remember("seconds", value);
    await context.sleepUntil(new Date(context.startedAt.getTime() + seconds * 1000));
    return new Map();
  },
};

const mistake = "waitTimeInSeconds must be an integer of 0 or more.";

function secondsIn(value: Value): number | undefined {
  const text = typeof value === "bigint" || typeof value === "string" ? String(value) : "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const plain = (json: Json): Value => (typeof json === "number" && Number.isInteger(json) ? BigInt(json) : String(json));
