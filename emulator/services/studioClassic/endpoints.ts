import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../platform/store.js";
import { blobReferenceBody } from "./blobReference.js";
import { workspace } from "./workspace.js";

const endpointRecord = z.object({
  /** What the endpoint's address ends with: 32 hexadecimal digits. */
  id: z.string(),
  name: z.string(),
  description: z.string(),
  createdAt: z.string(),
  primaryKey: z.string(),
  secondaryKey: z.string(),
  maxConcurrentCalls: z.number(),
  throttleLevel: z.string(),
  preventUpdate: z.boolean(),
  /** Where its retrained model is; undefined: the web service's own. */
  model: blobReferenceBody.optional(),
});

/** An endpoint of the web service, with its keys. */
export type Endpoint = Readonly<z.infer<typeof endpointRecord>>;

/** The endpoints of the one web service, encrypted in the store; names ignore case. */
export interface Endpoints {
  get(name: string): Endpoint | undefined;
  withId(id: string): Endpoint | undefined;
  all(): readonly Endpoint[];
  save(endpoint: Endpoint): void;
  remove(name: string): void;
}

export function openEndpoints(store: Store): Endpoints {
  store.migrate("studioClassicEndpoints", [
    "CREATE TABLE studio_classic_endpoints (name TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, sealed TEXT NOT NULL)",
  ]);
  const read = (row: Readonly<Record<string, unknown>>): Endpoint =>
    endpointRecord.parse(JSON.parse(store.unseal(String(row["sealed"]))));
  return {
    get: (name) =>
      store.all("SELECT sealed FROM studio_classic_endpoints WHERE name = ?", name.toLowerCase()).map(read)[0],
    withId: (id) =>
      store.all("SELECT sealed FROM studio_classic_endpoints WHERE id = ?", id.toLowerCase()).map(read)[0],
    all: () => store.all("SELECT sealed FROM studio_classic_endpoints ORDER BY rowid").map(read),
    save: (endpoint) =>
      store.run(
        `INSERT INTO studio_classic_endpoints VALUES (?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed`,
        endpoint.name.toLowerCase(),
        endpoint.id,
        store.seal(JSON.stringify(endpoint)),
      ),
    remove: (name) => store.run("DELETE FROM studio_classic_endpoints WHERE name = ?", name.toLowerCase()),
  };
}

/** An endpoint with new keys. */
export function newEndpoint(given: Pick<Endpoint, "id" | "name" | "createdAt"> & Partial<Endpoint>): Endpoint {
  return {
    description: "",
    primaryKey: newKey(),
    secondaryKey: newKey(),
    maxConcurrentCalls: 4,
    throttleLevel: "Low",
    preventUpdate: false,
    ...given,
  };
}

/** Makes the endpoint that the web service has from the start, unless it is there. */
export function ensureDefaultEndpoint(endpoints: Endpoints): void {
  const { id, name } = workspace.defaultEndpoint;
  if (endpoints.get(name)) return;
  endpoints.save(newEndpoint({ id, name, createdAt: workspace.webService.createdAt, preventUpdate: true }));
}

/** 64 random bytes in base64, as the service's keys are. */
const newKey = () => randomBytes(64).toString("base64");
