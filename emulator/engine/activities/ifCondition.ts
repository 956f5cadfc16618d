import { invalidProperty } from "./activityFailure.js";
import type { ActivityType } from "./activityType.js";
import { innerAt, throwIfFailed } from "./container.js";

/** Runs `ifTrueActivities` or `ifFalseActivities`; either may be missing, and then succeeds at once. */
export const ifCondition: ActivityType = {
  name: "IfCondition",
  nesting: "branch",
  policy: "none",
  inner: (properties) => innerAt(properties, ["ifTrueActivities", "ifFalseActivities"]),
  check(properties, report) {
    if (properties["expression"] === undefined) report("expression", "expression is required.");
  },
  async run(context) {
    const condition = context.recall("condition") ?? context.evaluate(context.properties["expression"]);
    if (typeof condition !== "boolean") throw invalidProperty("The condition expression must evaluate to a boolean.");
    context.remember("condition", condition);
    throwIfFailed(await context.runScope(condition ? "ifTrueActivities" : "ifFalseActivities"));
    return new Map();
  },
};
