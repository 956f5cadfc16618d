import type { Json } from "../../../contract/json.js";
import type { AccessControl } from "../../platform/accessControl.js";
import type { DeletedResources } from "../../platform/deletedResources.js";
import type { Principal } from "../../platform/directory.js";
import type { Platform } from "../../platform/platform.js";
import type { Catalog } from "./catalog.js";
import type { Operations } from "./operations.js";
import type { Providers } from "./providers.js";

/** A request to Resource Manager whose caller and api-version were accepted. */
export interface ArmRequest {
  readonly method: string;
  /** The path, decoded, without empty segments. */
  readonly segments: readonly string[];
  /** Names in lower case. */
  readonly query: ReadonlyMap<string, string>;
  /** Parsed JSON, text of another type, or undefined. */
  readonly body: unknown;
  readonly apiVersion: string;
  readonly caller: Principal;
  /** `https://management.azure.com`: polling addresses begin with the host that the client used. */
  readonly origin: string;
}

export interface ArmAnswer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the handlers of Resource Manager share. */
export interface ArmContext {
  readonly platform: Platform;
  readonly access: AccessControl;
  readonly catalog: Catalog;
  readonly operations: Operations;
  readonly providers: Providers;
  /** What is soft-deleted. */
  readonly deleted: DeletedResources;
}

export const ok = (body: Json): ArmAnswer => ({ status: 200, body });

/** Azure's list envelope; nothing here is long enough for a second page. */
export const listOf = (value: readonly Json[]): ArmAnswer => ok({ value });
