import type { PipelineDefinition } from "../../../contract/pipeline.js";
import type { Problem } from "../errors.js";
import type { PlannedActivity } from "./planned.js";

const maxPipelineNameLength = 140;
const maxActivityNameLength = 55;
const maxActivities = 120;
const maxParameters = 50;
const maxDefinitionBytes = 200 * 1024;
const forbiddenInNames = /[.+?/<>*%&:\\]/;

/** Names, counts and sizes beyond the service's limits; `activities` are all, inner ones included. */
export function limitProblems(
  definition: PipelineDefinition,
  name: string,
  activities: readonly PlannedActivity[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (broken: boolean, path: string, message: string) => {
    if (broken) problems.push({ path, message });
  };
  refuse(
    name.length === 0 || name.length > maxPipelineNameLength,
    "",
    `A pipeline's name has 1 to ${maxPipelineNameLength} characters.`,
  );
  refuse(definition.activities.length === 0, "activities", "A pipeline needs at least one activity.");
  refuse(
    activities.length > maxActivities,
    "activities",
    `A pipeline has at most ${maxActivities} activities, inner ones counted.`,
  );
  const parameters = Object.keys(definition.parameters ?? {}).length;
  refuse(parameters > maxParameters, "parameters", `A pipeline has at most ${maxParameters} parameters.`);
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  refuse(bytes > maxDefinitionBytes, "", `A pipeline's JSON has at most ${maxDefinitionBytes / 1024} KB.`);
  const seen = new Set<string>();
  for (const { definition: activity, key, path } of activities) {
    const place = `${path}.name`;
    refuse(
      key.length === 0 || key.length > maxActivityNameLength,
      place,
      `An activity's name has 1 to ${maxActivityNameLength} characters.`,
    );
    refuse(
      forbiddenInNames.test(key),
      place,
      `The name '${activity.name}' may not contain any of . + ? / < > * % & : \\`,
    );
    refuse(seen.has(key), place, `The name '${activity.name}' is used by more than one activity.`);
    seen.add(key);
  }
  return problems;
}
