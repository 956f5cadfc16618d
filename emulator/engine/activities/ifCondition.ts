import { ActivityFailure, invalidProperty } from "./activityFailure.js";
import type { ActivityType, ScopeOutcome } from "./activityType.js";

/** Runs `ifTrueActivities` or `ifFalseActivities`; either may be missing, and then succeeds at once. */
export const ifCondition: ActivityType = {
  name: "IfCondition",
  nesting: "branch",
  policy: "none",
  inner: (properties) =>
    ["ifTrueActivities", "ifFalseActivities"].flatMap((name) => {
      const activities = properties[name];
      return activities === undefined || activities === null ? [] : [{ name, path: name, activities }];
    }),
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

/** Fails a container whose inside failed. */
function throwIfFailed(outcome: ScopeOutcome): void {
  if (outcome.status === "Succeeded") return;
  throw new ActivityFailure(
    "ActionFailed",
    `Activity failed because an inner activity failed; Inner activity name: ${outcome.activity}, Error: ${outcome.message}`,
  );
}
