import type { Json } from "../../../contract/json.js";
import { parseDuration } from "../duration.js";
import type { Value } from "../expressions/values.js";
import { minUntilRoundMs } from "../inferred.js";
import { invalidProperty } from "./activityFailure.js";
import type { ActivityContext, ActivityType } from "./activityType.js";
import { isDynamic, literalOf } from "./dynamic.js";

const day = 24 * 60 * 60 * 1000;
const defaultTimeoutMs = 7 * day;
const maxTimeoutMs = 90 * day;

/**
 * Runs its activities, then evaluates `expression`, until that is true. A failed inner activity does not stop the loop:
 * the condition alone decides.
 */
export const until: ActivityType = {
  name: "Until",
  nesting: "loop",
  policy: "none",
  inner: (properties) => [{ name: "activities", path: "activities", activities: properties["activities"] ?? null }],
  check(properties, report) {
    if (properties["expression"] === undefined) report("expression", "expression is required.");
    const timeout = properties["timeout"];
    if (!isDynamic(timeout) && timeoutIn(literalOf(timeout)) === undefined) report("timeout", mistake);
  },
  timeout(context) {
    const timeout = timeoutIn(
      context.properties["timeout"] === undefined ? undefined : asText(context.evaluate(context.properties["timeout"])),
    );
    if (timeout === undefined) throw invalidProperty(mistake);
    return timeout;
  },
  async run(context) {
    for (let round = 1; ; round += 1) {
      const begun = remembered(context, `begin ${round}`, () => context.ports.clock.now().toISOString());
      await context.runScope("activities", { index: round });
      const condition = remembered(context, `condition ${round}`, () =>
        context.evaluate(context.properties["expression"]),
      );
      if (typeof condition !== "boolean") throw invalidProperty("The condition expression must evaluate to a boolean.");
      if (condition) return new Map();
      const resumed = context.recall(`begin ${round + 1}`) !== undefined;
      if (!resumed) await context.sleepUntil(new Date(Date.parse(String(begun)) + minUntilRoundMs));
    }
  },
};

/** The same value before and after the process was killed. */
function remembered(context: ActivityContext, name: string, find: () => Value): Value {
  const kept = context.recall(name);
  if (kept !== undefined) return kept;
  const value = find();
  context.remember(name, value);
  return value;
}

const mistake = "timeout must be a time span (d.hh:mm:ss) of at most 90 days.";

function timeoutIn(timeout: Json | undefined): number | undefined {
  if (timeout === undefined || timeout === null) return defaultTimeoutMs;
  const parsed = typeof timeout === "string" ? parseDuration(timeout) : undefined;
  return parsed !== undefined && parsed > 0 && parsed <= maxTimeoutMs ? parsed : undefined;
}

const asText = (value: Value): Json => (typeof value === "string" ? value : false);
