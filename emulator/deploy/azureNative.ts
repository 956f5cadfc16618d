import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { ArmClient } from "./armClient.js";
import { type ArmRule, fromResponse, inputsOf, placeholders, placeOf, toPut } from "./armRule.js";
import { armRules, ruleOf } from "./armRules.js";
import { inputChanges } from "./differences.js";
import type { Change, Deployed, Made, ResourceProvider } from "./resourceProvider.js";

/** Stands in for the azure-native provider: each resource is the ARM request that its rule makes of it. */
export class AzureNative implements ResourceProvider {
  readonly #client: ArmClient;
  readonly #location: string | undefined;

  /** `location` is the provider's setting `azure-native:location`. */
  constructor(client: ArmClient, location: string | undefined) {
    this.#client = client;
    this.#location = location;
  }

  async check(type: string, inputs: JsonObject): Promise<JsonObject> {
    const rule = ruleOf(type);
    const placed =
      this.#location && "location" in rule.envelope && inputs["location"] === undefined
        ? { ...inputs, location: this.#location }
        : inputs;
    toPut(type, rule, placed, this.#client.subscriptionId);
    return placed;
  }

  async diff(type: string, old: Deployed, inputs: JsonObject): Promise<Change> {
    const rule = ruleOf(type);
    return {
      inputs: inputChanges(old.inputs, inputs, placeOf(rule)),
      deleteBeforeReplace: true,
      losesData: !rule.replaceable,
    };
  }

  async create(type: string, inputs: JsonObject, preview = false): Promise<Made> {
    const rule = ruleOf(type);
    const put = toPut(type, rule, inputs, this.#client.subscriptionId);
    if (preview) return { id: "", outputs: foreseen(inputs) };
    const response = await this.#client.put(put.path, put.apiVersion, put.body, put.query);
    return { id: String(response["id"]), outputs: fromResponse(rule, response) };
  }

  async read(type: string, id: string, old?: Deployed): Promise<Deployed | undefined> {
    const rule = ruleOf(type);
    const places = inputsOf(type, rule, id, {});
    const response = await this.#client.get(id, rule.apiVersion);
    if (response === undefined) return undefined;
    const outputs = fromResponse(rule, response);
    const inputs = { ...inputsOf(type, rule, id, outputs), ...places };
    return { id: String(response["id"]), outputs, inputs: old ? asItIs(type, rule, old, inputs) : inputs };
  }

  async update(type: string, old: Deployed, inputs: JsonObject, preview = false): Promise<Made> {
    if (!preview) return this.create(type, inputs);
    return { id: old.id, outputs: over(old.outputs, inputs) };
  }

  async delete(type: string, old: Deployed): Promise<void> {
    const rule = ruleOf(type);
    if (rule.deletedAt) await this.#client.deleteAt(filled(rule.deletedAt.url, old.inputs), rule.deletedAt.audience);
    else await this.#client.delete(old.id, rule.apiVersion);
  }

  /** The functions of azure-native that a program may call: `getClientConfig`, and `get<Type>` for every type of the rules. */
  async invoke(token: string, args: JsonObject): Promise<JsonObject> {
    if (token === "azure-native:authorization:getClientConfig") return { ...(await this.#client.identity()) };
    const type = token.replace(/:get(\w+)$/, ":$1");
    const rule = type === token ? undefined : armRules[type];
    if (rule === undefined) throw new Error(`the emulator does not support the function ${token}`);
    const unknown = Object.keys(args).find((name) => !placeholders(rule).includes(name));
    if (unknown) throw new Error(`${token}: the emulator does not support the argument ${unknown}`);
    const { path, apiVersion } = toPut(type, rule, args, this.#client.subscriptionId);
    return fromResponse(rule, await this.#client.existing(path, apiVersion));
  }
}

function filled(template: string, inputs: JsonObject): string {
  return template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(inputs[name])));
}

/** Of a resource that is not there yet: what its service repeats unchanged. */
function foreseen(inputs: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(inputs).filter(([name, value]) => name === "tags" || !isJsonObject(value)));
}

/** Of a resource that is there: its outputs with the inputs that are also outputs; ids, host names and identities stay. */
function over(outputs: JsonObject, inputs: JsonObject): JsonObject {
  const changed = Object.entries(inputs).map(([name, value]): [string, Json] => {
    const output = outputs[name];
    return [name, isJsonObject(output) && isJsonObject(value) && name !== "tags" ? over(output, value) : value];
  });
  return { ...outputs, ...Object.fromEntries(changed) };
}

/** The inputs with what differs now from what the service answered when they were given; what it never answers stays. */
function asItIs(type: string, rule: ArmRule, old: Deployed, now: JsonObject): JsonObject {
  return following(old.inputs, inputsOf(type, rule, old.id, old.outputs), now);
}

function following(inputs: JsonObject, then: JsonObject, now: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...inputs };
  for (const name of new Set([...Object.keys(then), ...Object.keys(now)])) {
    const [own, before, current] = [inputs[name], then[name], now[name]];
    if (isDeepStrictEqual(before, current)) continue;
    if (current === undefined) delete result[name];
    else if (!isJsonObject(before) || !isJsonObject(current)) result[name] = current;
    else {
      const inner = following(isJsonObject(own) ? own : {}, before, current);
      if (own !== undefined || Object.keys(inner).length > 0) result[name] = inner;
    }
  }
  return result;
}
