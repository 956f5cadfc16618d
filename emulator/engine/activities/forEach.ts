import type { Json } from "../../../contract/json.js";
import { fromJson, toJson, type Value } from "../expressions/values.js";
import { arrayProperty, invalidProperty } from "./activityFailure.js";
import type { ActivityContext, ActivityType, ScopeOutcome } from "./activityType.js";
import { innerOf, throwIfFailed } from "./container.js";
import { isDynamic, literalOf } from "./dynamic.js";

const maxItems = 100_000;
const defaultBatchCount = 20;
const maxBatchCount = 50;

/**
 * Runs its activities once for every element of `items`, one after the other or `batchCount` at a time. A failed turn
 * does not stop the others; the activity fails at the end.
 */
export const forEach: ActivityType = {
  name: "ForEach",
  nesting: "loop",
  policy: "none",
  inner: (properties) => innerOf("activities", "activities", properties["activities"] ?? []),
  check(properties, report) {
    if (properties["items"] === undefined) report("items", "items is required.");
    const check = (key: string, read: (value: Value) => unknown, mistake: string) => {
      const given = literalOf(properties[key]) ?? null;
      if (given !== null && !isDynamic(given) && read(fromJson(given)) === undefined) report(key, mistake);
    };
    check("isSequential", flagIn, sequentialMistake);
    check("batchCount", countIn, batchMistake);
  },
  async run(context) {
    const items = context.recall("items") ?? context.evaluate(context.properties["items"]);
    const elements = arrayProperty(items, "The items of a ForEach");
    if (elements.length > maxItems) throw invalidProperty(`A ForEach has at most ${maxItems} items.`);
    const lanes = laneCount(context);
    context.showInput({ items: toJson(items) });
    context.remember("items", items);
    const outcomes: ScopeOutcome[] = [];
    const runLane = async (lane: number) => {
      // dealt out at the start and not again: the lane of a slow turn falls behind
      for (let index = lane; index < elements.length; index += lanes) {
        outcomes[index] = await context.runScope("activities", { index, item: elements[index] ?? null });
      }
    };
    const settled = await Promise.allSettled(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
    for (const lane of settled) if (lane.status === "rejected") throw lane.reason;
    for (const outcome of outcomes) throwIfFailed(outcome);
    return new Map();
  },
};

const sequentialMistake = "isSequential must be a boolean.";
const batchMistake = `batchCount must be an integer from 1 to ${maxBatchCount}.`;

/** How many turns go on at once. */
function laneCount(context: ActivityContext): number {
  const read = (key: string) => context.evaluate((context.properties[key] ?? null) as Json);
  const sequential = flagIn(read("isSequential"));
  if (sequential === undefined) throw invalidProperty(sequentialMistake);
  if (sequential) return 1;
  return countIn(read("batchCount")) ?? invalid(batchMistake);
}

function flagIn(value: Value): boolean | undefined {
  if (value === null) return false;
  const word = typeof value === "string" ? value.toLowerCase() : String(value);
  return word === "true" ? true : word === "false" ? false : undefined;
}

function countIn(value: Value): number | undefined {
  if (value === null) return defaultBatchCount;
  const count = /^\d{1,9}$/.test(String(value)) ? Number(value) : 0;
  return count >= 1 && count <= maxBatchCount ? count : undefined;
}

function invalid(mistake: string): never {
  throw invalidProperty(mistake);
}
