import { z } from "zod";
import type { Json, JsonObject } from "../../../contract/json.js";
import { AzureError, notEmulated } from "../../platform/errors.js";

const json: z.ZodType<Json> = z.json();
const text = z.string();
const choice = z.boolean().nullish();

/** The writable part of a storage account; members that Azure fills in itself come back in a PATCH and are dropped. */
const request = z.object({
  sku: z.object({
    name: z.enum([
      "Standard_LRS",
      "Standard_GRS",
      "Standard_RAGRS",
      "Standard_ZRS",
      "Standard_GZRS",
      "Standard_RAGZRS",
      "Premium_LRS",
      "Premium_ZRS",
    ]),
  }),
  kind: z.enum(["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"]),
  location: text.optional(),
  tags: z.record(text, text).nullish(),
  identity: z.record(text, json).nullish(),
  properties: z
    .object({
      accessTier: z.enum(["Hot", "Cool", "Cold", "Premium"]).nullish(),
      allowBlobPublicAccess: choice,
      allowCrossTenantReplication: choice,
      allowSharedKeyAccess: choice,
      defaultToOAuthAuthentication: choice,
      dnsEndpointType: z.enum(["Standard"]).nullish(),
      encryption: z.record(text, json).nullish(),
      isHnsEnabled: choice,
      largeFileSharesState: z.enum(["Disabled", "Enabled"]).nullish(),
      minimumTlsVersion: z.enum(["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"]).nullish(),
      networkAcls: z.record(text, json).nullish(),
      publicNetworkAccess: z.enum(["Enabled", "Disabled", "SecuredByPerimeter"]).nullish(),
      supportsHttpsTrafficOnly: choice,
    })
    .default({}),
});

/** What Azure has and this emulator would have to ignore: refused, each by its name. */
const unsupported = [
  "customDomain",
  "immutableStorageWithVersioning",
  "isLocalUserEnabled",
  "isNfsV3Enabled",
  "isSftpEnabled",
  "keyPolicy",
  "sasPolicy",
];

export type AccountRequest = z.infer<typeof request>;

/** Reads a PUT's body; 400 for values that Azure does not take, 501 for what the emulator does not support. */
export function accountRequest(body: JsonObject): AccountRequest {
  const read = request.safeParse(body);
  if (!read.success) {
    const names = read.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw new AzureError(
      400,
      "InvalidValuesForRequestParameters",
      `Values for request parameters are invalid: ${names}.`,
    );
  }
  const sent = body["properties"];
  for (const name of unsupported) {
    if (typeof sent === "object" && sent !== null && Reflect.get(sent, name)) {
      throw notEmulated(`the property ${name} of storage accounts`);
    }
  }
  const { networkAcls, publicNetworkAccess, encryption } = read.data.properties;
  if (networkAcls?.["defaultAction"] === "Deny") throw notEmulated("network rules on storage accounts");
  if (publicNetworkAccess === "Disabled" || publicNetworkAccess === "SecuredByPerimeter") {
    throw notEmulated(`publicNetworkAccess ${publicNetworkAccess} on storage accounts`);
  }
  if (encryption?.["keySource"] === "Microsoft.Keyvault")
    throw notEmulated("customer-managed keys of storage accounts");
  return read.data;
}
