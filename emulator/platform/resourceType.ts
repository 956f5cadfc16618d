import type { Json, JsonObject } from "../../contract/json.js";
import type { DeletedResource } from "./deletedResources.js";
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

/** How a type's resources are kept for some days after their DELETE, under a name that stays taken. */
export interface SoftDelete {
  retentionDays(resource: StoredResource): number;
  /** DELETE's parameter that removes at once (`forceToPurge=true`), and whether it also ends what is already kept. */
  readonly purgeParameter?: { readonly name: string; readonly endsKept: boolean };
  /** Which resources below it come back with it. Default: all of its own children. */
  keeps?(child: StoredResource): boolean;
  /** A PUT at the name of a kept resource: returns the body to recover it with, or throws an `AzureError` to refuse. */
  recover(request: PutRequest, kept: DeletedResource): JsonObject;
  /** Ends what it held, when nobody can recover it any more. */
  purge?(resource: StoredResource): Promise<void>;
  /** Where the kept ones are listed: `/subscriptions/{s}/providers/{namespace}/{collection}`. */
  readonly listed?: {
    /** `deletedVaults` */
    readonly collection: string;
    bodyOf(kept: DeletedResource): JsonObject;
    /** Also read and purged one by one, at `…/locations/{location}/{collection}/{name}[/purge]`. */
    readonly byLocation?: {
      notFound(name: string): Error;
      /** Throws an `AzureError` when this one may not be purged. */
      checkPurge(kept: DeletedResource): void;
    };
  };
}

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
  /** Runs before the resource is removed, for good or to be kept; throws an `AzureError` to refuse. */
  remove?(resource: StoredResource): Promise<void>;
  /** `POST …/{name}/{action}`, by action name in lower case. */
  readonly actions?: Readonly<
    Record<string, (resource: StoredResource, request: ActionRequest) => Json | Promise<Json>>
  >;
  /** Whether PATCH is taken: merges tags, identity and properties, then goes the way of a PUT. Default: yes. */
  readonly patchable?: boolean;
  /** Whether ARM has a DELETE for it (a vault's secrets have none). Default: yes. */
  readonly deletable?: boolean;
  /** Absent: a DELETE ends the resource at once. */
  readonly softDelete?: SoftDelete;
  /** GET `/subscriptions/{s}/providers/{namespace}/locations/{location}/{list}`, by the list's name in lower case. */
  readonly regionalLists?: Readonly<Record<string, (location: string) => readonly Json[]>>;
  /** Whether it appears with its first child (an asset's container), so that a child's PUT needs none. Default: no. */
  readonly madeByChild?: boolean;
}
