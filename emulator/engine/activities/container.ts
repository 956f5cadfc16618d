import type { Json, JsonObject } from "../../../contract/json.js";
import { ActivityFailure } from "./activityFailure.js";
import type { InnerActivities, ScopeOutcome } from "./activityType.js";

/** The lists of activities under these properties of a container; one that is missing is left out. */
export function innerAt(properties: JsonObject, names: readonly string[]): readonly InnerActivities[] {
  return names.flatMap((name) => innerOf(name, name, properties[name]));
}

/** One list of activities of a container, if it is there. */
export function innerOf(name: string, path: string, activities: Json | undefined): readonly InnerActivities[] {
  return activities === undefined || activities === null ? [] : [{ name, path, activities }];
}

/** Fails a container whose inside failed. */
export function throwIfFailed(outcome: ScopeOutcome): void {
  if (outcome.status === "Succeeded") return;
  throw new ActivityFailure(
    "ActionFailed",
    `Activity failed because an inner activity failed; Inner activity name: ${outcome.activity}, Error: ${outcome.message}`,
  );
}
