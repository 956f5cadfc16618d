import { randomUUID } from "node:crypto";

/** Where new identifiers come from; injected, so that tests are repeatable. */
export interface Ids {
  /** A new version 4 GUID in lower case. */
  uuid(): string;
}

export const randomIds: Ids = { uuid: () => randomUUID() };
