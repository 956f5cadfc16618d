import { hostSuffixes } from "../../../contract/hosts.js";
import type { Resources, StoredResource } from "../../platform/resources.js";
import { type VaultProperties, vaultProperties } from "./vaultRequest.js";

export const vaultType = "Microsoft.KeyVault/vaults";

/** A vault as its data plane sees it. */
export interface Vault {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** `https://<vault>.vault.azure.net`, without a slash at the end. */
  readonly url: string;
  readonly properties: VaultProperties;
}

export function vaultOf(resource: StoredResource): Vault {
  const { id, name, body } = resource;
  return {
    id,
    name,
    location: String(body["location"] ?? ""),
    url: `https://${name.toLowerCase()}${hostSuffixes.keyVault}`,
    properties: vaultProperties.parse(body["properties"]),
  };
}

/** The name in `<vault>.vault.azure.net`, with or without a port. */
export function vaultNameOf(host: string): string | undefined {
  const lower = host.toLowerCase().replace(/:\d+$/, "");
  const name = lower.slice(0, -hostSuffixes.keyVault.length);
  return lower.endsWith(hostSuffixes.keyVault) && name !== "" && !name.includes(".") ? name : undefined;
}

export function vaultAt(resources: Resources, host: string): Vault | undefined {
  const name = vaultNameOf(host);
  const resource = name === undefined ? undefined : resources.named(vaultType, name);
  return resource && vaultOf(resource);
}
