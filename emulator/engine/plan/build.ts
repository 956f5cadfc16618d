import { isJsonObject, type Json } from "../../../contract/json.js";
import type { ActivityDefinition, PipelineDefinition } from "../../../contract/pipeline.js";
import type { ActivityType, InnerActivities } from "../activities/activityType.js";
import type { Problem } from "../errors.js";
import { dependencyProblems } from "./dependencies.js";
import type { PlannedActivity, PlannedScope } from "./planned.js";
import { checkPolicy } from "./policy.js";
import { activitySchema, problemsOf } from "./schema.js";

/** What is collected while the definition is walked. */
export interface Building {
  readonly definition: PipelineDefinition;
  readonly types: ReadonlyMap<string, ActivityType>;
  readonly problems: Problem[];
  /** All activities, inner ones included. */
  readonly activities: PlannedActivity[];
  /** The parts whose strings may be expressions. */
  readonly texts: { readonly json: Json; readonly path: string }[];
}

/** Plans a list of activities and everything inside it; `within` are the types of the containers round it. */
export function buildScope(
  building: Building,
  given: readonly unknown[],
  path: string,
  within: readonly ActivityType[],
): PlannedScope {
  const activities = given.flatMap((each, index) => {
    const place = `${path}[${index}]`;
    const parsed = activitySchema.safeParse(each);
    if (parsed.success) return [buildActivity(building, parsed.data as ActivityDefinition, place, within)];
    building.problems.push(...problemsOf(parsed.error, place));
    return [];
  });
  building.problems.push(...dependencyProblems(activities));
  return { activities, byKey: new Map(activities.map((activity) => [activity.key, activity])) };
}

function buildActivity(
  building: Building,
  definition: ActivityDefinition,
  path: string,
  within: readonly ActivityType[],
): PlannedActivity {
  const active = definition.state !== "Inactive";
  const type = active ? building.types.get(definition.type) : undefined;
  const scopes = new Map<string, PlannedScope>();
  const activity: PlannedActivity = {
    definition,
    key: definition.name.toLowerCase(),
    path,
    type,
    dependsOn: (definition.dependsOn ?? []).map((dependency) => ({
      activity: dependency.activity,
      key: dependency.activity.toLowerCase(),
      conditions: dependency.dependencyConditions,
    })),
    scopes,
  };
  building.activities.push(activity);
  if (!active) return activity;
  if (!type) {
    building.problems.push({
      code: "UnknownActivityType",
      path: `${path}.type`,
      message: `The activity type '${definition.type}' is not supported.`,
    });
    return activity;
  }
  checkNesting(building, type, path, within);
  checkProperties(building, definition, type, path);
  for (const inner of type.inner?.(definition.typeProperties ?? {}) ?? []) {
    const place = `${path}.typeProperties.${inner.path}`;
    if (Array.isArray(inner.activities)) {
      scopes.set(inner.name, buildScope(building, inner.activities, place, [...within, type]));
    } else {
      building.problems.push({ path: place, message: "A list of activities is required." });
    }
  }
  return activity;
}

/** Loops may not stand in loops; a branch may hold no container at all. */
function checkNesting(building: Building, type: ActivityType, path: string, within: readonly ActivityType[]): void {
  const outer = within.at(-1);
  if (!outer || type.nesting === "leaf") return;
  const allowed = type.nesting === "branch" && outer.nesting === "loop";
  if (!allowed)
    building.problems.push({ path, message: `An activity of type ${type.name} may not be nested in ${outer.name}.` });
}

function checkProperties(building: Building, definition: ActivityDefinition, type: ActivityType, path: string): void {
  const properties = definition.typeProperties ?? {};
  const below = (place: string) => (key: string, message: string) =>
    building.problems.push({ path: `${path}.${place}.${key}`, message });
  type.check(properties, below("typeProperties"), building.definition);
  const policy: unknown = definition.policy;
  if (isJsonObject(policy)) {
    checkPolicy(policy, type, below("policy"));
    building.texts.push({ json: policy, path: `${path}.policy` });
  }
  const own = withoutInner(properties, type.inner?.(properties) ?? []);
  building.texts.push({ json: own, path: `${path}.typeProperties` });
  const userProperties = (definition.userProperties ?? []).map(({ value }) => value);
  building.texts.push({ json: userProperties, path: `${path}.userProperties` });
}

/** The type's own properties: the strings of inner activities are reported where those stand. */
function withoutInner(json: Json, inner: readonly InnerActivities[]): Json {
  if (inner.some(({ activities }) => activities === json && json !== null)) return null;
  if (Array.isArray(json)) return json.map((each) => withoutInner(each, inner));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, withoutInner(each, inner)]));
}
