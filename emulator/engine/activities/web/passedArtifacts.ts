import { isJsonObject, type Json, type JsonObject } from "../../../../contract/json.js";
import { evaluateJson } from "../../expressions/evaluator.js";
import { parseJson } from "../../expressions/json.js";
import { jsonText } from "../../expressions/text.js";
import { ticksOf } from "../../expressions/ticks.js";
import { fromJson, isValueObject, type Value, type ValueObject } from "../../expressions/values.js";
import { ActivityFailure, invalidProperty } from "../activityFailure.js";
import type { ActivityContext, Report } from "../activityType.js";

const kinds = ["datasets", "linkedServices"] as const;
type Kind = (typeof kinds)[number];

/** What a publish refuses in `datasets` and `linkedServices` of a Web activity. */
export function checkPassedArtifacts(properties: JsonObject, report: Report): void {
  for (const kind of kinds) {
    const given = properties[kind] ?? [];
    if (!Array.isArray(given)) report(kind, `${kind} must be a list of references.`);
    for (const [index, reference] of Array.isArray(given) ? given.entries() : []) {
      if (nameIn(reference) === undefined) report(`${kind}[${index}].referenceName`, "referenceName is required.");
    }
  }
}

/** Whether the activity passes any on. */
export const passesArtifacts = (properties: JsonObject): boolean =>
  kinds.some((kind) => Array.isArray(properties[kind]) && properties[kind].length > 0);

/**
 * The body with the definitions of the datasets and linked services that the activity passes on, each as
 * `{name, properties}`, their settings evaluated with the parameters that the reference gives; the same body when it
 * passes none. A body that is no JSON object cannot carry them.
 */
export function withPassedArtifacts(context: ActivityContext, body: Value): Value {
  const passed = kinds.flatMap((kind) => {
    const given = context.properties[kind];
    const references = Array.isArray(given) ? given : [];
    return references.length === 0
      ? []
      : [[kind, references.map((each) => definitionOf(context, kind, each))] as const];
  });
  if (passed.length === 0) return body;
  const text = typeof body === "string" ? parseJson(body) : undefined;
  const object = body === null ? new Map<string, Value>() : text?.ok ? text.value : body;
  if (!isValueObject(object)) {
    throw invalidProperty("The body must be a JSON object, to which the datasets and linked services are added.");
  }
  const whole = new Map<string, Value>([...object, ...passed]);
  return typeof body === "string" ? jsonText(whole) : whole;
}

function definitionOf(context: ActivityContext, kind: Kind, reference: Json): Value {
  const { artifacts } = context.ports;
  const name = nameIn(reference) ?? "";
  const properties = kind === "datasets" ? artifacts.dataset(name) : artifacts.linkedService(name);
  if (!properties) {
    const what = kind === "datasets" ? "dataset" : "linked service";
    throw new ActivityFailure("BadRequest", `The ${what} '${name}' was not found in the workspace.`);
  }
  const given = isJsonObject(reference) ? context.evaluate(reference["parameters"] ?? {}) : null;
  const parameters = new Map([...defaultsOf(properties), ...(isValueObject(given) ? given : [])]);
  const { typeProperties, ...rest } = properties;
  const evaluated = typeProperties === undefined ? [] : [inside(context, kind, typeProperties, parameters)];
  return new Map<string, Value>([
    ["name", name],
    [
      "properties",
      new Map<string, Value>([
        ...Object.entries(rest).map(([key, value]) => [key, fromJson(value)] as const),
        ...evaluated.map((value) => ["typeProperties", value] as const),
      ]),
    ],
  ]);
}

/** `{"name": {"type": …, "defaultValue": …}}` of an artifact. */
function defaultsOf({ parameters }: JsonObject): readonly (readonly [string, Value])[] {
  return Object.entries(isJsonObject(parameters) ? parameters : {}).flatMap(([name, parameter]) =>
    isJsonObject(parameter) && parameter["defaultValue"] !== undefined
      ? [[name, fromJson(parameter["defaultValue"])] as const]
      : [],
  );
}

/** An artifact's settings with its own parameters: nothing of the run can be read there. */
function inside({ ports }: ActivityContext, kind: Kind, settings: Json, parameters: ValueObject): Value {
  return evaluateJson(settings, {
    now: () => ticksOf(ports.clock.now()),
    newGuid: () => ports.ids.uuid(),
    pipeline: new Map(),
    variable: () => undefined,
    activity: () => undefined,
    item: undefined,
    [kind === "datasets" ? "dataset" : "linkedService"]: parameters,
  });
}

function nameIn(reference: Json): string | undefined {
  const name = isJsonObject(reference) ? reference["referenceName"] : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}
