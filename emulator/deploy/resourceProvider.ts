import type { JsonObject } from "../../contract/json.js";

/** What a resource became: its id, and what the program sees of it. In a preview the id of a new one is empty. */
export interface Made {
  readonly id: string;
  readonly outputs: JsonObject;
}

/** A resource with the inputs, as `check` returned them, that it was made or updated with last. */
export interface Deployed extends Made {
  readonly inputs: JsonObject;
}

/** An input that differs. */
export interface InputChange {
  /** Pulumi's property path: `properties.sku.name`, `tags["cost.center"]`, `ipRules[2].value`. */
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
  /** Whether only another resource in its place can have the new value. */
  readonly replaces: boolean;
}

/** What a difference of inputs means for the resource that is there. */
export interface Change {
  /** Every leaf that differs; none: there is nothing to do. One that `replaces`: the resource must become another one. */
  readonly inputs: readonly InputChange[];
  /** Whether the new resource would have the old one's name, so that the old one must go first. */
  readonly deleteBeforeReplace: boolean;
  /** Whether a replacement would delete what a deployment must not throw away: without an engine's preview it is refused. */
  readonly losesData: boolean;
}

/**
 * One kind of resources, as Pulumi's provider protocol asks for them. Values are plain JSON, secrets bare; in a preview a
 * value that is not known yet is the text `unknownValue` of `properties.ts`, and an output that is not known is left out.
 */
export interface ResourceProvider {
  /** The inputs with what the provider fills in; throws on what it does not know. `old`: the inputs that are deployed. */
  check(type: string, inputs: JsonObject, old?: JsonObject): Promise<JsonObject>;
  diff(type: string, old: Deployed, inputs: JsonObject): Promise<Change>;
  /** With `preview` nothing is made. */
  create(type: string, inputs: JsonObject, preview?: boolean): Promise<Made>;
  /**
   * The resource as it is, with the inputs that would make it so; undefined when there is none. Without `old` it is one that
   * was made elsewhere (`Resource.get`, `import`).
   */
  read(type: string, id: string, old?: Deployed): Promise<Deployed | undefined>;
  /** The resource, if it is as these inputs say already, whoever made it so: then there is nothing to update. */
  already?(type: string, old: Deployed, inputs: JsonObject): Promise<Made | undefined>;
  /** With `preview` nothing is changed. */
  update(type: string, old: Deployed, inputs: JsonObject, preview?: boolean): Promise<Made>;
  /** A resource that is gone already is a success. */
  delete(type: string, old: Deployed): Promise<void>;
}

/** Answers the program's function calls (`getClientConfig`, …); throws on one it does not know. */
export type Invoke = (token: string, args: JsonObject) => Promise<JsonObject>;
