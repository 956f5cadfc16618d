import type { ActivityDefinition, DependencyCondition, PipelineDefinition } from "../../../contract/pipeline.js";
import type { ActivityType } from "../activities/activityType.js";

/** A pipeline that may run: every activity has its type, every dependency its activity. */
export interface Plan {
  readonly name: string;
  readonly definition: PipelineDefinition;
  readonly root: PlannedScope;
}

/** A list of activities that start together: the pipeline's own or one inside a container. */
export interface PlannedScope {
  readonly activities: readonly PlannedActivity[];
  readonly byKey: ReadonlyMap<string, PlannedActivity>;
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
