import type { JsonObject } from "../../../contract/json.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Store } from "../../platform/store.js";
import { subscription } from "../../platform/subscription.js";
import { type Catalog, splitType } from "./catalog.js";
import { armErrors } from "./errors.js";
import { regions } from "./locations.js";

/** Every subscription has these from the start. */
const alwaysRegistered = ["Microsoft.Authorization", "Microsoft.Resources"];
/** Needed by what is served, though no resource of theirs is: SQL for a Synapse workspace, a registry for images. */
const otherNamespaces = ["Microsoft.Sql", "Microsoft.ContainerRegistry", "Microsoft.Insights"];

/** The api-versions that today's clients ask for, newest first; others of the same form are accepted too. */
const apiVersions: Readonly<Record<string, readonly string[]>> = {
  "microsoft.keyvault": ["2026-02-01", "2024-11-01"],
  "microsoft.storage": ["2025-08-01", "2024-01-01"],
  "microsoft.machinelearningservices": ["2025-12-01", "2022-10-01"],
  "microsoft.synapse": ["2021-06-01"],
  "microsoft.operationalinsights": ["2023-09-01", "2021-06-01"],
  "microsoft.insights": ["2020-02-02"],
};

/** The resource providers and whether the subscription is registered with them; a new one is with hardly any. */
export interface Providers {
  /** The namespace in its own casing; throws `AzureError` when there is none. */
  nameOf(namespace: string): string;
  isRegistered(namespace: string): boolean;
  register(namespace: string): void;
  describe(namespace: string, state?: string): JsonObject;
  all(): readonly string[];
}

/** A type's path in its namespace, and those of what its provider tells besides. */
function pathsOf({ type, regionalLists, softDelete }: ResourceType): readonly string[] {
  const { collection, byLocation } = softDelete?.listed ?? {};
  return [
    splitType(type).path,
    ...Object.keys(regionalLists ?? {}).map((list) => `locations/${list}`),
    ...(collection === undefined ? [] : [collection]),
    ...(byLocation ? [`locations/${collection}`] : []),
  ];
}

export function openProviders(store: Store, catalog: Catalog): Providers {
  store.migrate("resourceProviders", ["CREATE TABLE registered_providers (namespace TEXT PRIMARY KEY)"]);
  const names = new Map(
    [...alwaysRegistered, ...otherNamespaces, ...catalog.types.map((type) => splitType(type.type).namespace)].map(
      (name) => [name.toLowerCase(), name],
    ),
  );
  const nameOf = (namespace: string) => {
    const name = names.get(namespace.toLowerCase());
    if (name === undefined) throw armErrors.invalidNamespace(namespace);
    return name;
  };
  const isFree = (namespace: string) => alwaysRegistered.includes(nameOf(namespace));
  const isRegistered = (namespace: string) =>
    isFree(namespace) ||
    store.get("SELECT 1 FROM registered_providers WHERE namespace = ?", namespace.toLowerCase()) !== undefined;
  return {
    nameOf,
    isRegistered,
    register: (namespace) =>
      store.run("INSERT OR IGNORE INTO registered_providers VALUES (?)", nameOf(namespace).toLowerCase()),
    describe: (namespace, state) => ({
      id: `/subscriptions/${subscription.subscriptionId}/providers/${nameOf(namespace)}`,
      namespace: nameOf(namespace),
      registrationPolicy: isFree(namespace) ? "RegistrationFree" : "RegistrationRequired",
      registrationState: state ?? (isRegistered(namespace) ? "Registered" : "NotRegistered"),
      resourceTypes: catalog.types
        .filter(({ type }) => splitType(type).namespace.toLowerCase() === namespace.toLowerCase())
        .flatMap(pathsOf)
        .map((resourceType) => ({
          resourceType,
          locations: [...regions.values()],
          apiVersions: apiVersions[namespace.toLowerCase()] ?? [],
        })),
    }),
    all: () => [...names.values()].sort(),
  };
}
