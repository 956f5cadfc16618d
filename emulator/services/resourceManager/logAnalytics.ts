import { randomBytes } from "node:crypto";
import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import type { Directory } from "../../platform/directory.js";
import { AzureError } from "../../platform/errors.js";
import { systemIdentity } from "../../platform/identity.js";
import { objectAt, propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import { networkAccess } from "./networkAccess.js";

const skus = ["PerGB2018", "CapacityReservation", "Free", "Standard", "Premium", "PerNode", "Standalone", "LACluster"];

/** Microsoft.OperationalInsights/workspaces (2023-09-01): a workspace with its two shared keys. */
export function logAnalyticsWorkspaces({ store, ids, clock, directory }: Platform): ResourceType {
  store.migrate("logAnalytics", ["CREATE TABLE log_analytics_keys (key TEXT PRIMARY KEY, sealed TEXT NOT NULL)"]);
  const keysOf = (id: string): JsonObject => {
    const key = id.toLowerCase();
    const row = store.get("SELECT sealed FROM log_analytics_keys WHERE key = ?", key);
    if (row) return JSON.parse(store.unseal(String(row["sealed"])));
    const made = { primarySharedKey: newKey(), secondarySharedKey: newKey() };
    store.run("INSERT INTO log_analytics_keys VALUES (?, ?)", key, store.seal(JSON.stringify(made)));
    return made;
  };
  return {
    type: "Microsoft.OperationalInsights/workspaces",
    putStyle: "provisioningState",
    tracked: true,
    prepare: (request) => ({
      ...identityOf(directory, request),
      ...prepared(request, ids.uuid(), clock.now().toISOString()),
    }),
    softDelete: {
      retentionDays: () => 14,
      purgeParameter: { name: "force", endsKept: false },
      // a workspace of the same name in the same group and region is the old one again
      recover: ({ body }) => body,
      purge: async ({ id }) => store.run("DELETE FROM log_analytics_keys WHERE key = ?", id.toLowerCase()),
      listed: { collection: "deletedWorkspaces", bodyOf: ({ resource }) => resource.body },
    },
    actions: { sharedkeys: ({ id }) => keysOf(id) },
  };
}

function identityOf(directory: Directory, { id, name, body }: PutRequest): JsonObject {
  const { identity } = body;
  return isJsonObject(identity) ? { identity: systemIdentity(directory, id, name, identity["type"]) } : {};
}

const newKey = () => randomBytes(64).toString("base64");

function prepared({ name, body, existing }: PutRequest, customerId: string, now: string): JsonObject {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/.test(name)) {
    const message = `The workspace name '${name}' is not valid: 4 to 63 letters, digits and hyphens, not beginning or ending with a hyphen.`;
    throw new AzureError(400, "InvalidResourceName", message);
  }
  const given = objectAt(body, "properties");
  const before = propertiesOf(existing);
  const sku = isJsonObject(given["sku"]) ? given["sku"] : { name: "PerGB2018" };
  if (!skus.some((known) => known.toLowerCase() === String(sku["name"]).toLowerCase())) {
    throw new AzureError(400, "InvalidParameter", `The sku '${String(sku["name"])}' is not one of ${skus.join(", ")}.`);
  }
  const retentionInDays = given["retentionInDays"] ?? 30;
  if (
    typeof retentionInDays !== "number" ||
    (retentionInDays !== 7 && (retentionInDays < 30 || retentionInDays > 730))
  ) {
    throw new AzureError(
      400,
      "InvalidParameter",
      "'RetentionInDays' property doesn't match the SKU limits: 30 to 730.",
    );
  }
  return {
    properties: {
      ...given,
      customerId: before["customerId"] ?? customerId,
      provisioningState: "Succeeded",
      sku: { ...sku, lastSkuUpdate: now },
      retentionInDays,
      features: {
        legacy: 0,
        searchVersion: 1,
        enableLogAccessUsingOnlyResourcePermissions: true,
        ...(isJsonObject(given["features"]) && given["features"]),
      },
      workspaceCapping: {
        dailyQuotaGb: -1,
        ...objectAt(given, "workspaceCapping"),
        dataIngestionStatus: "RespectQuota",
        quotaNextResetTime: now,
      },
      ...networkAccess(given, "InvalidParameter"),
      createdDate: before["createdDate"] ?? now,
      modifiedDate: now,
    },
  };
}
