import type { JsonObject } from "../../contract/json.js";

/** What a resource became: its id, and what the program sees of it. */
export interface Made {
  readonly id: string;
  readonly outputs: JsonObject;
}

/** A resource as the last deployment left it. */
export interface Deployed extends Made {
  readonly inputs: JsonObject;
}

/**
 * How a change of inputs is made: not at all, on the resource itself, or by another resource in its place. `refused` names
 * the inputs for which that would cost data that the deployment must not throw away.
 */
export type Change =
  | { readonly kind: "none" | "update" | "replace" }
  | { readonly kind: "refused"; readonly inputs: readonly string[] };

/** What the resource monitor asks of a provider, for one kind of resource. */
export interface ResourceProvider {
  /** The inputs with what the provider fills in; throws on what it does not know. */
  check(type: string, inputs: JsonObject): Promise<JsonObject>;
  /** Called when the inputs differ. */
  diff(type: string, old: Deployed, inputs: JsonObject): Promise<Change>;
  create(type: string, inputs: JsonObject): Promise<Made>;
  read(type: string, old: Deployed): Promise<Made | undefined>;
  update(type: string, old: Deployed, inputs: JsonObject): Promise<Made>;
  delete(type: string, old: Deployed): Promise<void>;
}

/** Answers the program's function calls (`getClientConfig`, …); throws on one it does not know. */
export type Invoke = (token: string, args: JsonObject) => Promise<JsonObject>;
