import type { JsonObject } from "../../contract/json.js";
import type { ActivityDefinition, DependencyCondition, PipelineDefinition } from "../../contract/pipeline.js";
import type { ActivityType } from "./activities/activityType.js";
import { activityTypes } from "./activities/types.js";
import { PlanError } from "./errors.js";
import { type Building, buildScope } from "./plan/build.js";
import { expressionProblems, type KnownNames } from "./plan/expressionProblems.js";
import { limitProblems } from "./plan/limits.js";
import { pipelineSchema, problemsOf } from "./plan/schema.js";

/** A pipeline's `properties`, as they were sent or as our own program writes them. */
export type PipelineSource = JsonObject | PipelineDefinition;

/** A pipeline that may run: every activity has its type, every dependency its activity. */
export interface Plan {
  readonly name: string;
  readonly definition: PipelineDefinition;
  readonly root: PlannedScope;
}

/** A list of activities that start together: the pipeline's own or one inside a container. */
export interface PlannedScope {
  readonly activities: readonly PlannedActivity[];
}

export interface PlannedActivity {
  readonly definition: ActivityDefinition;
  /** The name in lower case: names ignore case. */
  readonly key: string;
  /** Its place in the definition: `activities[3]`. */
  readonly path: string;
  /** Undefined for an inactive activity, which is not validated. */
  readonly type: ActivityType | undefined;
  readonly dependsOn: readonly Dependency[];
  /** By the name that the type gives them. */
  readonly scopes: ReadonlyMap<string, PlannedScope>;
}

export interface Dependency {
  readonly activity: string;
  readonly key: string;
  readonly conditions: readonly DependencyCondition[];
}

/** Checks a definition as the publish does; throws a `PlanError` with all mistakes found. */
export function planPipeline(
  source: PipelineSource,
  name: string,
  types: readonly ActivityType[] = activityTypes,
): Plan {
  const shape = problemsOf(pipelineSchema, source, "");
  if (shape.length > 0) throw new PlanError(name, shape);
  const definition = pipelineSchema.parse(source) as PipelineDefinition;
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
