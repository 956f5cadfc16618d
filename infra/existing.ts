/**
 * A resource that the configuration names instead of having it made: its ARM id and the id's parts. Its logical name is not
 * that of the one that is made: one made by an earlier deployment must leave the program, and with it Azure.
 */
export interface Existing {
  /** Without a slash at its end. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** Splits an ARM id of the type (`Microsoft.KeyVault/vaults`); undefined when it is none of that type. */
export function existingOf(type: string, id: string): Existing | undefined {
  const [namespace, ...collections] = type.split("/");
  const path = collections.map((collection) => `/${collection}/([^/]+)`).join("");
  const pattern = new RegExp(
    `^/subscriptions/([0-9a-f-]{36})/resourceGroups/([^/]+)/providers/${namespace?.replace(".", "\\.")}${path}$`,
    "i",
  );
  const [, subscriptionId, resourceGroup, ...names] = pattern.exec(id) ?? [];
  const name = names.at(-1);
  return subscriptionId && resourceGroup && name ? { id, subscriptionId, resourceGroup, name } : undefined;
}

/** The machine learning workspace that a batch endpoint is in. */
export function workspaceOf(endpoint: Existing): Existing {
  const id = endpoint.id.replace(/\/batchEndpoints\/[^/]+$/i, "");
  return { ...endpoint, id, name: id.slice(id.lastIndexOf("/") + 1) };
}

/** Whether two ARM ids are the same resource's: their letters may differ in case. */
export function sameResource(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
