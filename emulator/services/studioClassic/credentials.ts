import { randomBytes } from "node:crypto";
import { hostSuffixes } from "../../../contract/hosts.js";
import type { Store } from "../../platform/store.js";
import { openKeyRing } from "../storage/accountKeys.js";
import { openEndpoints } from "./endpoints.js";
import { endpointUrl, workspace } from "./workspace.js";

/** The workspace's authorization token, for the management of its endpoints; made on the first call. */
export function workspaceToken(store: Store): string {
  store.migrate("studioClassicWorkspace", [
    "CREATE TABLE studio_classic_workspace (only INTEGER PRIMARY KEY, sealed_token TEXT NOT NULL)",
  ]);
  const row = store.all("SELECT sealed_token FROM studio_classic_workspace")[0];
  if (row) return store.unseal(String(row["sealed_token"]));
  const token = randomBytes(16).toString("hex");
  store.run("INSERT INTO studio_classic_workspace VALUES (1, ?)", store.seal(token));
  return token;
}

/** The connection string of the workspace's storage account; undefined before the account exists. */
export function storageConnectionString(store: Store): string | undefined {
  const keys = openKeyRing(store).keysOf(workspace.storageAccount);
  const suffix = hostSuffixes.blob.replace(".blob.", "");
  return (
    keys &&
    `DefaultEndpointsProtocol=https;AccountName=${workspace.storageAccount};AccountKey=${keys.key1};EndpointSuffix=${suffix}`
  );
}

/** What a client of the web service needs to know, as variables of its environment. */
export function clientVariables(store: Store): Record<string, string> {
  const { defaultEndpoint } = workspace;
  const endpoint = openEndpoints(store).get(defaultEndpoint.name);
  const connectionString = storageConnectionString(store);
  if (!endpoint || connectionString === undefined) return {};
  return {
    BES_ENDPOINT: endpointUrl(defaultEndpoint.id),
    BES_API_KEY: endpoint.primaryKey,
    BES_STORAGE_CONNECTION_STRING: connectionString,
    BES_WORKSPACE_TOKEN: workspaceToken(store),
  };
}
