import type { Json, JsonObject } from "../../contract/json.js";
import type { Principal } from "./directory.js";
import type { StoredResource } from "./resources.js";

/** A PUT to Resource Manager, after the caller's right to it and the parent's existence were checked. */
export interface PutRequest {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  /** The resource one level up, for child types. */
  readonly parent: StoredResource | undefined;
  readonly existing: StoredResource | undefined;
  readonly body: JsonObject;
  readonly apiVersion: string;
  readonly caller: Principal;
}

export interface ActionRequest {
  readonly body: JsonObject;
  readonly apiVersion: string;
  readonly caller: Principal;
}

/**
 * How a PUT answers, which differs by provider:
 * `synchronous` 200/201 with the resource; `provisioningState` 201 and the resource, done when its state says so;
 * `location` 202, empty, Location header; `asyncOperation` 201 with azure-asyncoperation;
 * `asyncOperationAndLocation` 201 with both.
 */
export type PutStyle =
  | "synchronous"
  | "provisioningState"
  | "location"
  | "asyncOperation"
  | "asyncOperationAndLocation";

/** What one ARM type adds to the generic Resource Manager; owned by the service that it belongs to. */
export interface ResourceType {
  /** `Microsoft.KeyVault/vaults`, `Microsoft.KeyVault/vaults/secrets` */
  readonly type: string;
  readonly putStyle: PutStyle;
  /** Tracked resources must have a location (400 LocationRequired) and may have tags. */
  readonly tracked: boolean;
  /**
   * Checks the request as the provider does (throws `AzureError`) and returns what a GET will answer: envelope members
   * (location, tags, sku, kind, identity) and `properties` with the read-only ones filled in; without id, name, type.
   */
  prepare(request: PutRequest): JsonObject | Promise<JsonObject>;
  /** Takes effect on the data plane, after it was stored and before the operation is reported as succeeded. */
  apply?(resource: StoredResource, request: PutRequest): Promise<void>;
  /** Runs before the resource is removed; throws an `AzureError` to refuse. */
  remove?(resource: StoredResource): Promise<void>;
  /** `POST …/{name}/{action}`, by action name in lower case. */
  readonly actions?: Readonly<
    Record<string, (resource: StoredResource, request: ActionRequest) => Json | Promise<Json>>
  >;
  /** Whether PATCH is taken: merges tags, identity and properties, then goes the way of a PUT. Default: yes. */
  readonly patchable?: boolean;
  /** Whether ARM has a DELETE for it (a vault's secrets have none). Default: yes. */
  readonly deletable?: boolean;
  /** Whether it appears with its first child (an asset's container), so that a child's PUT needs none. Default: no. */
  readonly madeByChild?: boolean;
}
