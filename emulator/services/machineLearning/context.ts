import type { AccessControl } from "../../platform/accessControl.js";
import type { Blobs } from "../../platform/blobs.js";
import type { Platform } from "../../platform/platform.js";

/** What the machine learning service is built on. */
export interface Context {
  readonly platform: Platform;
  readonly blobs: Blobs;
  readonly accessControl: AccessControl;
  /** A key of the storage account; undefined when there is no such account. */
  readonly accountKey: (account: string) => string | undefined;
}
