import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { compileFunction } from "node:vm";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { Change, Deployed, Made, ResourceProvider } from "./resourceProvider.js";

/** The input that holds the provider's own code, as Pulumi serializes it. */
export const providerText = "__provider";

/** The type tokens of dynamic resources begin with this. */
export const dynamicPrefix = "pulumi-nodejs:dynamic";

/** A revived dynamic provider (`pulumi.dynamic.ResourceProvider`), as far as it is called. */
interface Revived {
  check?(olds: JsonObject, news: JsonObject): Promise<{ inputs?: JsonObject; failures?: readonly CheckFailure[] }>;
  diff?(id: string, olds: JsonObject, news: JsonObject): Promise<{ changes?: boolean; replaces?: readonly string[] }>;
  create(inputs: JsonObject): Promise<{ id: string; outs?: JsonObject }>;
  read?(id: string, props: JsonObject): Promise<{ id?: string; props?: JsonObject }>;
  update?(id: string, olds: JsonObject, news: JsonObject): Promise<{ outs?: JsonObject }>;
  delete?(id: string, props: JsonObject): Promise<void>;
}

interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Runs dynamic resources as Pulumi's own plugin does: the provider is revived from its text and called. */
export class DynamicResources implements ResourceProvider {
  readonly #revived = new Map<string, Revived>();
  readonly #require = createRequire(import.meta.url);

  async check(type: string, inputs: JsonObject): Promise<JsonObject> {
    const { provider, own, text } = this.#open(type, inputs);
    const checked = (await provider.check?.({}, own)) ?? { inputs: own };
    const failure = checked.failures?.[0];
    if (failure) throw new Error(`${type}: ${failure.property} ${failure.reason}`);
    return { ...(checked.inputs ?? own), [providerText]: text };
  }

  async diff(type: string, old: Deployed, inputs: JsonObject): Promise<Change> {
    const { provider, own } = this.#open(type, inputs);
    const difference = await provider.diff?.(old.id, old.outputs, own);
    if (difference?.replaces?.length) return { kind: "replace" };
    return { kind: difference?.changes === false ? "none" : "update" };
  }

  async create(type: string, inputs: JsonObject): Promise<Made> {
    const { provider, own } = this.#open(type, inputs);
    const made = await provider.create(own);
    return { id: made.id, outputs: made.outs ?? own };
  }

  async read(type: string, old: Deployed): Promise<Made | undefined> {
    const { provider } = this.#open(type, old.inputs);
    if (!provider.read) return old;
    const found = await provider.read(old.id, old.outputs);
    return found.id === undefined ? undefined : { id: found.id, outputs: found.props ?? old.outputs };
  }

  async update(type: string, old: Deployed, inputs: JsonObject): Promise<Made> {
    const { provider, own } = this.#open(type, inputs);
    if (!provider.update) throw new Error(`${type} cannot be changed in place`);
    const changed = await provider.update(old.id, old.outputs, own);
    return { id: old.id, outputs: changed.outs ?? own };
  }

  async delete(type: string, old: Deployed): Promise<void> {
    await this.#open(type, old.inputs).provider.delete?.(old.id, old.outputs);
  }

  #open(type: string, inputs: JsonObject): { provider: Revived; own: JsonObject; text: Json } {
    const { [providerText]: text, ...own } = inputs;
    if (typeof text !== "string") throw new Error(`${type} has no provider`);
    const known = this.#revived.get(text) ?? this.#revive(text);
    this.#revived.set(text, known);
    return { provider: known, own, text };
  }

  #revive(text: string): Revived {
    const module: { exports: { handler?: () => Revived } } = { exports: {} };
    compileFunction(text, ["exports", "require", "module"])(module.exports, this.#require, module);
    if (!module.exports.handler) throw new Error("a dynamic provider's text has no handler");
    return module.exports.handler();
  }
}

/** Whether two sets of inputs are the same resource: the provider's code may have changed, which changes nothing there. */
export function sameInputs(one: Json, other: Json): boolean {
  return isDeepStrictEqual(withoutText(one), withoutText(other));
}

function withoutText(inputs: Json): Json {
  if (!isJsonObject(inputs)) return inputs;
  const { [providerText]: _text, ...own } = inputs;
  return own;
}
