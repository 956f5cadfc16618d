import { randomBytes } from "node:crypto";
import type { Ids } from "../../contract/ids.js";
import type { Store } from "./store.js";
import { principals } from "./subscription.js";

export type PrincipalKind = "Application" | "ManagedIdentity";

/** A service principal of the tenant: an application's, or the managed identity of a resource. */
export interface Principal {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  readonly kind: PrincipalKind;
  /** The ARM id of the resource whose identity this is; empty for applications. */
  readonly resourceId: string;
}

/** The tenant's directory: who exists, and the secrets that applications sign in with (kept encrypted). */
export interface Directory {
  byAppId(appId: string): Principal | undefined;
  byObjectId(objectId: string): Principal | undefined;
  byResourceId(resourceId: string): Principal | undefined;
  all(): readonly Principal[];
  /** The application's client secret. Managed identities have none. */
  secretOf(appId: string): string | undefined;
  /** The resource's system-assigned identity, made on the first call. */
  managedIdentity(resourceId: string, displayName: string): Principal;
  removeManagedIdentity(resourceId: string): void;
}

/** Opens the directory and, on a new database, makes the four applications of `subscription.ts` with random secrets. */
export function openDirectory(store: Store, ids: Ids): Directory {
  store.migrate("directory", [
    `CREATE TABLE principals (object_id TEXT PRIMARY KEY, app_id TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL,
       kind TEXT NOT NULL, resource_id TEXT NOT NULL, sealed_secret TEXT)`,
  ]);
  const insert = (principal: Principal, secret: string | null) =>
    store.run(
      "INSERT OR IGNORE INTO principals VALUES (?, ?, ?, ?, ?, ?)",
      principal.objectId,
      principal.appId,
      principal.displayName,
      principal.kind,
      principal.resourceId.toLowerCase(),
      secret === null ? null : store.seal(secret),
    );
  const find = (column: "object_id" | "app_id" | "resource_id", value: string) =>
    store.all(`SELECT * FROM principals WHERE ${column} = ?`, value.toLowerCase()).map(toPrincipal)[0];
  store.transaction(() => {
    for (const known of Object.values(principals)) {
      if (!find("app_id", known.appId))
        insert({ ...known, kind: "Application", resourceId: "" }, clientSecretOf(randomBytes(30)));
    }
  });
  return {
    byAppId: (appId) => find("app_id", appId),
    byObjectId: (objectId) => find("object_id", objectId),
    byResourceId: (resourceId) => (resourceId === "" ? undefined : find("resource_id", resourceId)),
    all: () => store.all("SELECT * FROM principals").map(toPrincipal),
    secretOf(appId) {
      const row = store.get("SELECT sealed_secret FROM principals WHERE app_id = ?", appId.toLowerCase());
      return typeof row?.["sealed_secret"] === "string" ? store.unseal(row["sealed_secret"]) : undefined;
    },
    managedIdentity(resourceId, displayName) {
      const found = find("resource_id", resourceId);
      if (found) return found;
      const made: Principal = {
        objectId: ids.uuid(),
        appId: ids.uuid(),
        displayName,
        kind: "ManagedIdentity",
        resourceId: resourceId.toLowerCase(),
      };
      insert(made, null);
      return made;
    },
    removeManagedIdentity: (resourceId) =>
      store.run("DELETE FROM principals WHERE resource_id = ?", resourceId.toLowerCase()),
  };
}

function toPrincipal(row: Readonly<Record<string, unknown>>): Principal {
  return {
    objectId: String(row["object_id"]),
    appId: String(row["app_id"]),
    displayName: String(row["display_name"]),
    kind: row["kind"] as PrincipalKind,
    resourceId: String(row["resource_id"]),
  };
}

/** Forty characters that Entra ID uses in client secrets, made of 30 bytes; the first is no hyphen, which begins an option. */
export function clientSecretOf(bytes: Buffer): string {
  return bytes.toString("base64url").replaceAll("_", "~").replace(/^-/, "~");
}
