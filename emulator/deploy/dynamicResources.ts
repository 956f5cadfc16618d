import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import type { Json, JsonObject } from "../../contract/json.js";
import { differences, inputChanges } from "./differences.js";
import type { Change, Deployed, Made, ResourceProvider } from "./resourceProvider.js";

/** The input that holds the provider's own code, as Pulumi serializes it. */
export const providerText = "__provider";

/** The type tokens of dynamic resources begin with this. */
export const dynamicPrefix = "pulumi-nodejs:dynamic";

/** The one resource that a command changes too: a promotion chooses the default deployment, and the stack's settings follow it. */
const chosenElsewhere = `${dynamicPrefix}/machinelearning:BatchEndpointDefault`;

/** A revived dynamic provider (`pulumi.dynamic.ResourceProvider`), as far as it is called. */
interface Revived {
  configure?(request: { readonly config: Config }): Promise<void>;
  check?(olds: JsonObject, news: JsonObject): Promise<{ inputs?: JsonObject; failures?: readonly CheckFailure[] }>;
  diff?(id: string, olds: JsonObject, news: JsonObject): Promise<Difference>;
  create(inputs: JsonObject): Promise<{ id: string; outs?: JsonObject }>;
  read?(id: string, props: JsonObject): Promise<{ id?: string; props?: JsonObject; inputs?: JsonObject }>;
  update?(id: string, olds: JsonObject, news: JsonObject): Promise<{ outs?: JsonObject }>;
  delete?(id: string, props: JsonObject): Promise<void>;
}

/** The stack's configuration as a dynamic provider reads it, by full keys; secrets in clear. */
interface Config {
  get(key: string): string | undefined;
  require(key: string): string;
}

interface Difference {
  readonly changes?: boolean;
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Where a provider's own lines go. */
export type ProviderConsole = Pick<Console, "error">;

/** Runs dynamic resources as Pulumi's own plugin does: the provider is revived from its text and called. */
export class DynamicResources implements ResourceProvider {
  readonly #revived = new Map<string, Promise<Revived>>();
  readonly #require = createRequire(import.meta.url);
  readonly #config: Config;
  readonly #console: ProviderConsole;

  /** `configuration`: full keys (`azure-native:tenantId`) and their values; `said` takes what providers say. */
  constructor(configuration: Readonly<Record<string, string>> = {}, said: ProviderConsole = console) {
    this.#console = said;
    this.#config = {
      get: (key) => configuration[key],
      require(key) {
        const value = configuration[key];
        if (value === undefined) throw new Error(`the configuration has no ${key}`);
        return value;
      },
    };
  }

  async check(type: string, inputs: JsonObject, old: JsonObject = {}): Promise<JsonObject> {
    const { provider, own, text } = await this.#open(type, inputs);
    const checked = (await provider.check?.(withoutProviderText(old), own)) ?? { inputs: own };
    const failure = checked.failures?.[0];
    if (failure) throw new Error(`${type}: ${failure.property} ${failure.reason}`);
    return { ...(checked.inputs ?? own), [providerText]: text };
  }

  async diff(type: string, old: Deployed, inputs: JsonObject): Promise<Change> {
    const { provider, own } = await this.#open(type, inputs);
    const answer: Difference = (await provider.diff?.(old.id, old.outputs, own)) ?? {};
    const { changes, replaces = [], deleteBeforeReplace = false } = answer;
    const isSame = changes === false && replaces.length === 0;
    return {
      inputs: isSame ? [] : inputChanges(withoutProviderText(old.inputs), own, replaces),
      deleteBeforeReplace,
      losesData: false,
    };
  }

  async create(type: string, inputs: JsonObject, preview = false): Promise<Made> {
    const { provider, own } = await this.#open(type, inputs);
    if (preview) return { id: "", outputs: own };
    const made = await provider.create(own);
    return { id: made.id, outputs: made.outs ?? own };
  }

  async read(type: string, id: string, old?: Deployed): Promise<Deployed | undefined> {
    if (!old) throw new Error(`${type} is a dynamic resource, which cannot be read before it was deployed`);
    const { provider } = await this.#open(type, old.inputs);
    if (!provider.read) return old;
    const found = await provider.read(id, old.outputs);
    if (!found.id) return undefined;
    const inputs = found.inputs ? { ...old.inputs, ...found.inputs } : old.inputs;
    return { id: found.id, outputs: found.props ?? old.outputs, inputs };
  }

  async already(type: string, old: Deployed, inputs: JsonObject): Promise<Made | undefined> {
    if (type !== chosenElsewhere) return undefined;
    // where it cannot be read, the update fails and says why
    const found = await this.read(type, old.id, old).catch(() => undefined);
    const isSo = found && differences(withoutProviderText(found.inputs), withoutProviderText(inputs)).length === 0;
    return isSo ? found : undefined;
  }

  async update(type: string, old: Deployed, inputs: JsonObject, preview = false): Promise<Made> {
    const { provider, own } = await this.#open(type, inputs);
    if (!provider.update) throw new Error(`${type} cannot be changed in place`);
    if (preview) return { id: old.id, outputs: { ...old.outputs, ...own } };
    const changed = await provider.update(old.id, old.outputs, own);
    return { id: old.id, outputs: changed.outs ?? own };
  }

  async delete(type: string, old: Deployed): Promise<void> {
    const { provider } = await this.#open(type, old.inputs);
    await provider.delete?.(old.id, old.outputs);
  }

  async #open(type: string, inputs: JsonObject): Promise<{ provider: Revived; own: JsonObject; text: Json }> {
    const { [providerText]: text, ...own } = inputs;
    if (typeof text !== "string") throw new Error(`${type} has no provider`);
    const known = this.#revived.get(text) ?? this.#revive(text);
    this.#revived.set(text, known);
    return { provider: await known, own, text };
  }

  async #revive(text: string): Promise<Revived> {
    const module: { exports: { handler?: () => Revived } } = { exports: {} };
    const globals = { exports: module.exports, require: this.#require, module, console: this.#console };
    compileFunction(text, Object.keys(globals))(...Object.values(globals));
    if (!module.exports.handler) throw new Error("a dynamic provider's text has no handler");
    const provider = module.exports.handler();
    await provider.configure?.({ config: this.#config });
    return provider;
  }
}

/** The inputs that the program gave: the provider's code may change, which changes nothing about the resource. */
export function withoutProviderText(inputs: JsonObject): JsonObject {
  const { [providerText]: _text, ...own } = inputs;
  return own;
}
