import { toJson, type Value } from "../expressions/values.js";
import { filterMembers } from "../inferred.js";
import { arrayProperty, invalidProperty } from "./activityFailure.js";
import type { ActivityType } from "./activityType.js";

/** Keeps the elements of `items` for which `condition`, which reads them as `item()`, is true. */
export const filter: ActivityType = {
  name: "Filter",
  nesting: "leaf",
  policy: "none",
  check(properties, report) {
    for (const key of ["items", "condition"]) if (properties[key] === undefined) report(key, `${key} is required.`);
  },
  async run(context) {
    const items = arrayProperty(context.evaluate(context.properties["items"]), "The items of a Filter");
    context.showInput({ items: toJson(items) });
    const kept = items.filter((item) => {
      const condition = context.evaluate(context.properties["condition"], item);
      if (typeof condition !== "boolean")
        throw invalidProperty("The condition of a Filter must evaluate to a boolean.");
      return condition;
    });
    return new Map<string, Value>([
      [filterMembers.all, BigInt(items.length)],
      [filterMembers.kept, BigInt(kept.length)],
      [filterMembers.elements, kept],
    ]);
  },
};
