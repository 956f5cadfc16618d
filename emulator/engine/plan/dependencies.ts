import type { Problem } from "../errors.js";
import type { PlannedActivity } from "./planned.js";

/** Unknown names and circles in the `dependsOn` of one list of activities; names ignore case. */
export function dependencyProblems(siblings: readonly PlannedActivity[]): readonly Problem[] {
  const byName = new Map(siblings.map((activity) => [activity.key, activity]));
  const unknown = siblings.flatMap((activity) =>
    activity.dependsOn.flatMap((dependency, index) =>
      byName.has(dependency.key)
        ? []
        : [
            {
              path: `${activity.path}.dependsOn[${index}].activity`,
              message: `The activity '${activity.definition.name}' depends on '${dependency.activity}', which does not exist beside it.`,
            },
          ],
    ),
  );
  const circular = siblings
    .filter((activity) => reaches(activity, activity.key, byName, new Set()))
    .map((activity) => ({
      path: `${activity.path}.dependsOn`,
      message: `The activity '${activity.definition.name}' depends on itself, directly or through others.`,
    }));
  return [...unknown, ...circular];
}

function reaches(
  from: PlannedActivity,
  key: string,
  byName: ReadonlyMap<string, PlannedActivity>,
  seen: Set<string>,
): boolean {
  return from.dependsOn.some((dependency) => {
    if (dependency.key === key) return true;
    const next = byName.get(dependency.key);
    if (!next || seen.has(dependency.key)) return false;
    seen.add(dependency.key);
    return reaches(next, key, byName, seen);
  });
}
