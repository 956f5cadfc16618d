import type { ActivityDefinition } from "../../../contract/pipeline.js";

/** The activities, each followed by those inside it. */
export function allActivities(activities: readonly ActivityDefinition[]): ActivityDefinition[] {
  return activities.flatMap((activity) => {
    const inside = ["activities", "ifTrueActivities", "ifFalseActivities"].flatMap(
      (key) => (activity.typeProperties?.[key] ?? []) as unknown as ActivityDefinition[],
    );
    return [activity, ...allActivities(inside)];
  });
}

/** The activity of that name, wherever it is. */
export function activityNamed(name: string, activities: readonly ActivityDefinition[]): ActivityDefinition {
  const found = allActivities(activities).find((activity) => activity.name === name);
  if (!found) throw new Error(`no activity ${name}`);
  return found;
}
