import { isIPv4 } from "node:net";
import { z } from "zod";
import type { Json, JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";

const json: z.ZodType<Json> = z.json();
const words = z.array(z.string()).optional();

/** An IPv4 address or range (CIDR). */
const addressRange = z.string().refine((text) => {
  const [address = "", bits, ...more] = text.split("/");
  return isIPv4(address) && more.length === 0 && (bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32));
}, "not an IPv4 address or range");

const accessPolicy = z.object({
  tenantId: z.guid(),
  objectId: z.string().min(1),
  applicationId: z.guid().nullish(),
  permissions: z.object({ keys: words, secrets: words, certificates: words, storage: words }),
});

/** The writable properties of a vault; what Azure fills in itself is dropped. */
export const vaultProperties = z.object({
  tenantId: z.guid(),
  sku: z.object({
    family: z
      .string()
      .regex(/^A$/i)
      .transform(() => "A"),
    name: z
      .string()
      .toLowerCase()
      .pipe(z.enum(["standard", "premium"])),
  }),
  accessPolicies: z.array(accessPolicy).nullish(),
  createMode: z.enum(["default", "recover"]).nullish(),
  enabledForDeployment: z.boolean().nullish(),
  enabledForDiskEncryption: z.boolean().nullish(),
  enabledForTemplateDeployment: z.boolean().nullish(),
  enablePurgeProtection: z.boolean().nullish(),
  enableRbacAuthorization: z.boolean().nullish(),
  enableSoftDelete: z.boolean().nullish(),
  networkAcls: z
    .object({
      bypass: z.enum(["AzureServices", "None"]).default("AzureServices"),
      defaultAction: z.enum(["Allow", "Deny"]).default("Allow"),
      ipRules: z.array(z.object({ value: addressRange })).default([]),
      virtualNetworkRules: z.array(json).default([]),
    })
    .nullish(),
  publicNetworkAccess: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["enabled", "disabled"]))
    .nullish(),
  softDeleteRetentionInDays: z.int().min(7).max(90).nullish(),
});

export type AccessPolicy = z.infer<typeof accessPolicy>;
export type VaultProperties = z.infer<typeof vaultProperties>;

/** A refusal of the Key Vault resource provider. */
export const vaultRefusal = (message: string) => new AzureError(400, "BadRequest", message);

/** Reads the properties of a PUT; 400 BadRequest names what Azure does not take. */
export function readVaultProperties(body: JsonObject): VaultProperties {
  const read = vaultProperties.safeParse(body["properties"] ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = ["properties", ...(issue?.path ?? [])].join(".");
  throw vaultRefusal(`The value of '${place}' is missing or invalid: ${issue?.message}.`);
}
