import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";

/** How one azure-native type stands for ARM requests: pure data, written by hand and checked against Azure's clients. */
export interface ArmRule {
  readonly apiVersion: string;
  /** The resource's ARM path; `{name}` is the input of that name, `{subscriptionId}` the deployer's. */
  readonly path: string;
  /** Inputs that are members of the body beside `properties`, under the same name. */
  readonly envelope: readonly string[];
  /**
   * `kept`: the input `properties` is the body's `properties`. Otherwise the inputs that go into `properties`, each with
   * its name on the wire.
   */
  readonly properties: "kept" | Readonly<Record<string, string>>;
  /** Inside a kept `properties`: dotted path on the azure-native side → name of its last member on the wire. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Inputs that are query parameters. */
  readonly query?: readonly string[];
  /** Whether the deployment may delete it and make it anew; else a change that calls for that is refused. */
  readonly replaceable?: boolean;
  /** ARM has no DELETE for it: it goes with the resource that it is in. */
  readonly undeletable?: boolean;
}

/** The request that a resource's inputs stand for. */
export interface ArmPut {
  readonly path: string;
  readonly apiVersion: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

const placeholders = (rule: ArmRule) => [...rule.path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));

/** The inputs that are the resource's place: another value is another resource. */
export function placeOf(rule: ArmRule): readonly string[] {
  return [...placeholders(rule).filter((name) => name !== "subscriptionId"), "location"];
}

/** The type's path for these inputs; throws on a missing one, as no name is ever made up. */
export function armPath(type: string, rule: ArmRule, inputs: JsonObject, subscriptionId: string): string {
  return placeholders(rule).reduce((path, name) => {
    const value = name === "subscriptionId" ? subscriptionId : inputs[name];
    if (typeof value !== "string" || value === "") throw new Error(`${type}: the input ${name} must be given`);
    return path.replace(`{${name}}`, value);
  }, rule.path);
}

/** Inputs → PUT. Throws on an input that the rule does not know. */
export function toPut(type: string, rule: ArmRule, inputs: JsonObject, subscriptionId: string): ArmPut {
  const envelope: Record<string, Json> = {};
  const properties: Record<string, Json> = {};
  const query: Record<string, string> = {};
  const places = placeholders(rule);
  for (const [name, value] of Object.entries(inputs)) {
    const wire = rule.properties === "kept" ? undefined : rule.properties[name];
    if (rule.envelope.includes(name)) envelope[name] = value;
    else if (wire !== undefined) properties[wire] = value;
    else if (rule.properties === "kept" && name === "properties" && isJsonObject(value)) {
      Object.assign(properties, renameMembers(value, rule.renamed ?? {}));
    } else if (rule.query?.includes(name)) query[name] = String(value);
    else if (!places.includes(name)) throw new Error(`${type}: the emulator does not support the input ${name}`);
  }
  const hasProperties = rule.properties === "kept" || Object.keys(rule.properties).length > 0;
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
  const outputs: Record<string, Json> = { ...envelope, azureApiVersion: rule.apiVersion };
  if (!isJsonObject(properties)) return outputs;
  if (rule.properties === "kept") {
    return { ...outputs, properties: renameMembers(properties, inverted(rule.renamed ?? {})) };
  }
  const names = new Map(Object.entries(rule.properties).map(([name, wire]) => [wire, name]));
  for (const [wire, value] of Object.entries(properties)) {
    outputs[names.get(wire) ?? wire.charAt(0).toLowerCase() + wire.slice(1)] = value;
  }
  return outputs;
}

function renameMembers(value: JsonObject, renamed: Readonly<Record<string, string>>, prefix = ""): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      renamed[prefix + name] ?? name,
      isJsonObject(inner) ? renameMembers(inner, renamed, `${prefix}${name}.`) : inner,
    ]),
  );
}

function inverted(renamed: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(renamed).map(([path, wire]) => {
      const parts = path.split(".");
      const name = parts.pop() ?? "";
      return [[...parts, wire].join("."), name];
    }),
  );
}
