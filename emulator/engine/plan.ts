import type { JsonObject } from "../../contract/json.js";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import type { ActivityType } from "./activities/activityType.js";
import { activityTypes } from "./activities/types.js";
import { PlanError } from "./errors.js";
import { type Building, buildScope } from "./plan/build.js";
import { expressionProblems, type KnownNames } from "./plan/expressionProblems.js";
import { limitProblems } from "./plan/limits.js";
import type { Plan } from "./plan/planned.js";
import { pipelineSchema, problemsOf } from "./plan/schema.js";

/** A pipeline's `properties`, as they were sent or as our own program writes them. */
export type PipelineSource = JsonObject | PipelineDefinition;

/** Checks a definition as the publish does; throws a `PlanError` with all mistakes found. */
export function planPipeline(
  source: PipelineSource,
  name: string,
  types: readonly ActivityType[] = activityTypes,
): Plan {
  const parsed = pipelineSchema.safeParse(source);
  if (!parsed.success) throw new PlanError(name, problemsOf(parsed.error, ""));
  const definition = parsed.data as PipelineDefinition;
  const building: Building = {
    definition,
    types: new Map(types.map((type) => [type.name, type])),
    problems: [],
    activities: [],
    texts: [],
  };
  const root = buildScope(building, definition.activities, "activities", []);
  const known: KnownNames = {
    parameters: lowerKeys(definition.parameters),
    variables: lowerKeys(definition.variables),
    activities: new Set(building.activities.map(({ key }) => key)),
  };
  const problems = [
    ...limitProblems(definition, name, building.activities),
    ...building.problems,
    ...building.texts.flatMap(({ json, path }) => expressionProblems(json, path, known)),
  ];
  if (problems.length > 0) throw new PlanError(name, problems);
  return { name, definition, root };
}

const lowerKeys = (record: object | undefined) => new Set(Object.keys(record ?? {}).map((key) => key.toLowerCase()));
