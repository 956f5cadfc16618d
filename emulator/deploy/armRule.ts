import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { fromWire, inputsIn, inside, type Members, type Shape, toWire, wireName } from "./shape.js";

/** How one azure-native type stands for ARM requests: pure data, written by hand and checked against Azure's clients. */
export interface ArmRule {
  readonly apiVersion: string;
  /** The resource's ARM path; `{name}` is the input of that name, `{subscriptionId}` the deployer's. */
  readonly path: string;
  /** Inputs that are members of the body beside `properties`, under the same name. */
  readonly envelope: Members;
  /** What the body's `properties` holds. */
  readonly properties: Members;
  /** Whether the program gives `properties` as one input; else its members are inputs of their own. */
  readonly kept?: boolean;
  /** Inputs that are query parameters. */
  readonly query?: readonly string[];
  /** Whether the deployment may delete it and make it anew; else a change that calls for that is refused. */
  readonly replaceable?: boolean;
  /** ARM has no DELETE for it, but the data plane has: its URL (`{name}` as in `path`), and whom a token for it is for. */
  readonly deletedAt?: { readonly url: string; readonly audience: string };
}

/** The request that a resource's inputs stand for. */
export interface ArmPut {
  readonly path: string;
  readonly apiVersion: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** The inputs that are the resource's place: another value is another resource. */
export function placeOf(rule: ArmRule): readonly string[] {
  return [...placeholders(rule).filter((name) => name !== "subscriptionId"), "location"];
}

/** Inputs → PUT. Throws on an input that the rule does not know, at any depth. */
export function toPut(type: string, rule: ArmRule, inputs: JsonObject, subscriptionId: string): ArmPut {
  const envelope: Record<string, Json> = {};
  const properties: Record<string, Json> = {};
  const query: Record<string, string> = {};
  const places = placeholders(rule);
  for (const [name, value] of Object.entries(inputs)) {
    const beside = rule.envelope[name];
    const within = rule.kept ? undefined : rule.properties[name];
    if (beside !== undefined) envelope[name] = wireOf(type, beside, value, name);
    else if (within !== undefined) properties[wireName(name, within)] = wireOf(type, within, value, name);
    else if (rule.kept && name === "properties") {
      Object.assign(properties, wireOf(type, inside(rule.properties), value, name));
    } else if (rule.query?.includes(name)) query[name] = String(value);
    else if (!places.includes(name)) throw new Error(`${type}: the emulator does not support the input ${name}`);
  }
  const hasProperties = Object.keys(rule.properties).length > 0;
  return {
    path: armPath(type, rule, inputs, subscriptionId),
    apiVersion: rule.apiVersion,
    query,
    body: { ...envelope, ...(hasProperties ? { properties } : {}) },
  };
}

/** The answer of a GET or PUT → the outputs of azure-native. */
export function fromResponse(rule: ArmRule, response: JsonObject): JsonObject {
  const { properties, ...envelope } = response;
  const outputs = { ...(fromWire(inside(rule.envelope), envelope) as JsonObject), azureApiVersion: rule.apiVersion };
  if (!isJsonObject(properties)) return outputs;
  const own = fromWire(inside(rule.properties), properties) as JsonObject;
  if (rule.kept) return { ...outputs, properties: own };
  return {
    ...outputs,
    // what is no input has azure-native's spelling too: InstrumentationKey → instrumentationKey
    ...Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name in rule.properties ? name : name.charAt(0).toLowerCase() + name.slice(1),
        value,
      ]),
    ),
  };
}

/** The inputs that a resource's id and outputs show; throws when the id is of another type. */
export function inputsOf(type: string, rule: ArmRule, id: string, outputs: JsonObject): JsonObject {
  const names = placeholders(rule);
  const pattern = rule.path.split(/\{\w+\}/).map((part) => part.replaceAll(".", "\\."));
  const matched = new RegExp(`^${pattern.join("(.+)")}$`, "i").exec(id)?.slice(1);
  if (!matched) throw new Error(`${id} is no id of a ${type}: it must be like ${rule.path}`);
  const places = names.flatMap((name, index) => (name === "subscriptionId" ? [] : [[name, matched[index] ?? ""]]));
  const members: Members = rule.kept ? { properties: inside(rule.properties) } : rule.properties;
  return { ...inputsIn({ ...rule.envelope, ...members }, outputs), ...Object.fromEntries(places) };
}

/** The names between braces in the rule's path. */
export function placeholders(rule: ArmRule): readonly string[] {
  return [...rule.path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
}

/** The type's path for these inputs; throws on a missing one, as no name is ever made up. */
export function armPath(type: string, rule: ArmRule, inputs: JsonObject, subscriptionId: string): string {
  return placeholders(rule).reduce((path, name) => {
    const value = name === "subscriptionId" ? subscriptionId : inputs[name];
    if (typeof value !== "string" || value === "") throw new Error(`${type}: the input ${name} must be given`);
    return path.replace(`{${name}}`, () => value);
  }, rule.path);
}

function wireOf(type: string, shape: Shape, value: Json, place: string): Json {
  try {
    return toWire(shape, value, place);
  } catch (error) {
    throw new Error(`${type}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
