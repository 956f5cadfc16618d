import { isJsonObject, type Json, type JsonObject } from "../../../../contract/json.js";
import { triggerKind } from "../artifacts/artifactKinds.js";
import { targetOf } from "../artifacts/conditions.js";
import { badArtifact } from "../errors.js";
import { type Recurrence, readRecurrence } from "./recurrence.js";

export const scheduleTrigger = "ScheduleTrigger";

/** A pipeline that a trigger starts, with the values (or expressions) of its parameters. */
export interface TriggeredPipeline {
  readonly name: string;
  readonly parameters: JsonObject;
}

/**
 * Refuses a definition that a publish refuses: another type of trigger, or a recurrence that is wrong. As on Azure one
 * without a recurrence or without pipelines may be published, though not started.
 */
export function checkTrigger(properties: JsonObject, name: string): void {
  const recurrence = recurrenceOf(properties);
  const begun = isJsonObject(recurrence) && Object.keys(recurrence).length > 0;
  const mistakes = [
    ...typeMistakes(properties),
    ...(begun && properties["type"] === scheduleTrigger ? recurrenceMistakes(recurrence) : []),
    ...pipelinesMistakes(properties["pipelines"]),
  ];
  if (mistakes.length === 0) return;
  throw badArtifact(`The trigger '${name}' is not valid. ${mistakes.join(" ")}`, targetOf(triggerKind, name));
}

/** When the trigger fires; or what is wrong with it. */
export function readTriggerRecurrence(properties: JsonObject): Recurrence | readonly string[] {
  return readRecurrence(recurrenceOf(properties) ?? {});
}

/** What the trigger starts; entries that name no pipeline are left out. */
export function triggeredPipelines({ pipelines }: JsonObject): readonly TriggeredPipeline[] {
  if (!Array.isArray(pipelines)) return [];
  return pipelines.flatMap((entry: Json) => {
    const reference = isJsonObject(entry) ? entry["pipelineReference"] : undefined;
    if (!isJsonObject(entry) || !isJsonObject(reference) || reference["type"] !== "PipelineReference") return [];
    const { referenceName: name } = reference;
    const parameters = isJsonObject(entry["parameters"]) ? entry["parameters"] : {};
    return typeof name === "string" ? [{ name, parameters }] : [];
  });
}

function recurrenceOf({ typeProperties }: JsonObject): Json | undefined {
  return isJsonObject(typeProperties) ? typeProperties["recurrence"] : undefined;
}

function typeMistakes({ type }: JsonObject): readonly string[] {
  if (type === scheduleTrigger) return [];
  if (typeof type !== "string") return ["type: must name the type."];
  return [`type: Triggers of the type '${type}' are not supported; ${scheduleTrigger} is.`];
}

function recurrenceMistakes(json: Json): readonly string[] {
  const recurrence = readRecurrence(json);
  return "frequency" in recurrence ? [] : recurrence;
}

function pipelinesMistakes(pipelines: Json | undefined): readonly string[] {
  if (pipelines === undefined || pipelines === null || Array.isArray(pipelines)) return [];
  return ["pipelines: must be an array."];
}
