import { isJsonObject, type Json } from "../../../contract/json.js";
import { RerunError } from "../errors.js";
import type { Plan, PlannedActivity } from "../plan/planned.js";
import { type JournalState, readState, type State } from "./states.js";

/**
 * What a rerun that begins with an activity takes over from the journal of the run before: how the top-level activities
 * ended that it does not repeat, with all inside them and the variables that they set. Repeated are the activity itself,
 * what depends on it, and what failed elsewhere.
 */
export function statesToKeep(plan: Plan, states: readonly JournalState[], startActivity: string): readonly State[] {
  const activities = new Map(plan.root.activities.map((activity) => [activity.key, activity]));
  const start = activities.get(startActivity.toLowerCase());
  if (!start) {
    throw new RerunError(`The activity '${startActivity}' is not at the top level of the pipeline '${plan.name}'.`);
  }
  const before = closure([start], (activity) => activity.dependsOn.flatMap(({ key }) => activities.get(key) ?? []));
  const after = closure([start], (activity) =>
    plan.root.activities.filter(({ dependsOn }) => dependsOn.some(({ key }) => key === activity.key)),
  );
  const ends = states.filter(({ name, value }) => name === "end" && isJsonObject(value) && value["final"] === true);
  const ended = new Map(
    ends.map(({ value }) => [placeOf(value).toLowerCase(), isJsonObject(value) && value["status"]]),
  );
  const kept = plan.root.activities.filter((activity) => {
    if (activity === start || after.has(activity)) return false;
    const status = ended.get(activity.key);
    return status === "Succeeded" || (status === "Failed" && before.has(activity));
  });
  const places = new Set(kept.map(({ key }) => key));
  return states.filter(({ value }) => places.has(topOf(placeOf(value)))).map(readState);
}

/** The places of the top level are the activities' names; those inside begin with it and a slash. */
const topOf = (place: string) => (place.split("/")[0] ?? "").toLowerCase();
const placeOf = (value: Json) => (isJsonObject(value) ? String(value["place"] ?? "") : "");

function closure(
  from: readonly PlannedActivity[],
  next: (activity: PlannedActivity) => readonly PlannedActivity[],
): ReadonlySet<PlannedActivity> {
  const reached = new Set<PlannedActivity>();
  const visit = (activity: PlannedActivity) => {
    if (reached.has(activity)) return;
    reached.add(activity);
    for (const each of next(activity)) visit(each);
  };
  for (const activity of from) visit(activity);
  return reached;
}
