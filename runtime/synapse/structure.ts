import { isJsonObject, type JsonObject } from "../../contract/json.js";

/** Where an activity stands in its pipeline, and what takes over when it fails. */
export interface ActivityPlace {
  /** The names of the containers round it, outermost first. */
  readonly containers: readonly string[];
  /** The activity that runs on its failure, if there is one. */
  readonly handler: string | undefined;
  /** How often it is tried again after a failure. */
  readonly retries: number;
  /** The address that a Web activity calls; of a computed one what is not computed, followed by `…`. */
  readonly url: string | undefined;
  /** How long a Wait takes, where that is not computed. */
  readonly waitSeconds: number | undefined;
}

/** Activity name (unique in a pipeline) to its place. */
export type PipelineStructure = ReadonlyMap<string, ActivityPlace>;

/** Reads the nesting of a pipeline's activities (GET /pipelines/{name}, `properties.activities`). */
export function readStructure(activities: unknown): PipelineStructure {
  const places = new Map<string, ActivityPlace>();
  collect(activities, [], places);
  return places;
}

function collect(activities: unknown, containers: readonly string[], places: Map<string, ActivityPlace>): void {
  const siblings = objects(activities);
  for (const activity of siblings) {
    if (typeof activity.name !== "string") continue;
    const policy = isJsonObject(activity.policy) ? activity.policy : {};
    places.set(activity.name, {
      containers,
      handler: siblings.find((sibling) => runsOnFailureOf(sibling, activity.name))?.name?.toString(),
      retries: Number(policy.retry) || 0,
      url: urlOf(activity.typeProperties),
      waitSeconds: activity.type === "Wait" ? secondsOf(activity.typeProperties) : undefined,
    });
    for (const inner of innerLists(activity)) collect(inner, [...containers, activity.name], places);
  }
}

/** A definition may hold the text itself or `{"value": text, "type": "Expression"}`. */
function urlOf(properties: unknown): string | undefined {
  const given = isJsonObject(properties) ? properties.url : undefined;
  const url = isJsonObject(given) ? given.value : given;
  if (typeof url !== "string") return undefined;
  if (!url.includes("@")) return url;
  const literal = /^(https?:\/\/[^@]+)@\{|^@concat\(\s*'(https?:\/\/[^']+)'/.exec(url);
  const start = literal?.[1] ?? literal?.[2];
  return start === undefined ? undefined : `${start}…`;
}

function secondsOf(properties: unknown): number | undefined {
  const seconds = Number(isJsonObject(properties) ? properties.waitTimeInSeconds : undefined);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** The lists of inner activities of Until and ForEach, IfCondition, Switch. */
function innerLists(activity: JsonObject): unknown[] {
  const properties = isJsonObject(activity.typeProperties) ? activity.typeProperties : {};
  const cases = objects(properties.cases).map((branch) => branch.activities);
  const { activities, ifTrueActivities, ifFalseActivities, defaultActivities } = properties;
  return [activities, ifTrueActivities, ifFalseActivities, ...cases, defaultActivities];
}

function runsOnFailureOf(sibling: JsonObject, name: unknown): boolean {
  return objects(sibling.dependsOn).some(
    ({ activity, dependencyConditions: conditions }) =>
      activity === name &&
      Array.isArray(conditions) &&
      (conditions.includes("Failed") || conditions.includes("Completed")),
  );
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
