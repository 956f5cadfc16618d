import type { ActivityRunError } from "../../../contract/runs.js";
import type { ScopeOutcome } from "../activities/activityType.js";
import type { ValueObject } from "../expressions/values.js";
import { namedFailure } from "../inferred.js";
import type { PlannedActivity, PlannedScope } from "../plan/planned.js";

/** How an activity ended, as those that depend on it see it. */
export type Settled =
  | { readonly status: "Skipped" }
  | {
      readonly status: "Succeeded" | "Failed";
      readonly output: ValueObject;
      /** Null on success. */
      readonly error: ActivityRunError | null;
    };

/** Whether every entry of `dependsOn` has one of its conditions met; `ended` is by the activities' keys. */
export function mayStart(activity: PlannedActivity, ended: ReadonlyMap<string, Settled>): boolean {
  return activity.dependsOn.every(({ key, conditions }) => {
    const status = ended.get(key)?.status;
    return conditions.some(
      (condition) =>
        condition === status || (condition === "Completed" && (status === "Succeeded" || status === "Failed")),
    );
  });
}

/**
 * The leaf rule: take the activities that nobody depends on; one that was skipped is replaced by those it depends on,
 * again and again. All of them must have succeeded.
 */
export function outcomeOf(scope: PlannedScope, ended: ReadonlyMap<string, Settled>): ScopeOutcome {
  const dependedOn = new Set(scope.activities.flatMap((activity) => activity.dependsOn.map(({ key }) => key)));
  const reached = new Set<string>();
  const visited = new Set<string>();
  const visit = (key: string) => {
    if (visited.has(key)) return;
    visited.add(key);
    if (ended.get(key)?.status !== "Skipped") reached.add(key);
    else for (const dependency of scope.byKey.get(key)?.dependsOn ?? []) visit(dependency.key);
  };
  for (const { key } of scope.activities) if (!dependedOn.has(key)) visit(key);
  const failures = scope.activities.flatMap(({ key, definition }) => {
    const settled = ended.get(key);
    if (!reached.has(key) || settled?.status !== "Failed") return [];
    return [{ status: "Failed" as const, activity: definition.name, message: settled.error?.message ?? "" }];
  });
  return namedFailure(failures) ?? { status: "Succeeded" };
}
