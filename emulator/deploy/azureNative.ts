import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../contract/json.js";
import type { ArmClient } from "./armClient.js";
import { type ArmRule, fromResponse, placeOf, toPut } from "./armRule.js";
import { armRules } from "./armRules.js";
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
      this.#location && rule.envelope.includes("location") && inputs["location"] === undefined
        ? { ...inputs, location: this.#location }
        : inputs;
    toPut(type, rule, placed, this.#client.subscriptionId);
    return placed;
  }

  async diff(type: string, old: Deployed, inputs: JsonObject): Promise<Change> {
    const rule = ruleOf(type);
    const moved = placeOf(rule).filter((name) => !isDeepStrictEqual(old.inputs[name], inputs[name]));
    if (moved.length === 0) return { kind: "update" };
    return rule.replaceable ? { kind: "replace" } : { kind: "refused", inputs: moved };
  }

  async create(type: string, inputs: JsonObject): Promise<Made> {
    const rule = ruleOf(type);
    const put = toPut(type, rule, inputs, this.#client.subscriptionId);
    const response = await this.#client.put(put.path, put.apiVersion, put.body, put.query);
    return { id: String(response["id"]), outputs: fromResponse(rule, response) };
  }

  async read(type: string, old: Deployed): Promise<Made | undefined> {
    const rule = ruleOf(type);
    const response = await this.#client.get(old.id, rule.apiVersion);
    return response && { id: String(response["id"]), outputs: fromResponse(rule, response) };
  }

  async update(type: string, _old: Deployed, inputs: JsonObject): Promise<Made> {
    return this.create(type, inputs);
  }

  async delete(type: string, old: Deployed): Promise<void> {
    const rule = ruleOf(type);
    if (rule.undeletable) {
      throw new Error(`${old.id} has no DELETE in Resource Manager: it goes with the resource that it is in`);
    }
    await this.#client.delete(old.id, rule.apiVersion);
  }

  /** The functions of azure-native that a program may call. */
  async invoke(token: string, args: JsonObject): Promise<JsonObject> {
    switch (token) {
      case "azure-native:authorization:getClientConfig":
        return { ...(await this.#client.identity()) };
      case "azure-native:machinelearningservices:getDatastore":
        return this.#get("azure-native:machinelearningservices:Datastore", args);
      default:
        throw new Error(`the emulator does not support the function ${token}`);
    }
  }

  async #get(type: string, args: JsonObject): Promise<JsonObject> {
    const rule = ruleOf(type);
    const { path, apiVersion } = toPut(type, rule, args, this.#client.subscriptionId);
    const response = await this.#client.get(path, apiVersion);
    if (response === undefined) throw new Error(`there is no ${path}`);
    return fromResponse(rule, response);
  }
}

function ruleOf(type: string): ArmRule {
  const rule = armRules[type];
  if (rule === undefined) throw new Error(`the emulator does not support the resource type ${type}`);
  return rule;
}
