import { BlockList, isIPv4 } from "node:net";
import type { Principal } from "../../platform/directory.js";
import type { Platform } from "../../platform/platform.js";
import { callerText, type VaultCall } from "./authentication.js";
import { vaultError } from "./errors.js";
import type { Vault } from "./vault.js";

/** A thing that can be done with secrets: its name in access policies, and its data action under `vaults/secrets/`. */
export interface SecretRight {
  readonly permission: string;
  readonly action: string;
}

export const rights = {
  get: { permission: "get", action: "getSecret/action" },
  list: { permission: "list", action: "readMetadata/action" },
  set: { permission: "set", action: "setSecret/action" },
  update: { permission: "set", action: "update/action" },
  delete: { permission: "delete", action: "delete" },
  getDeleted: { permission: "get", action: "readMetadata/action" },
  recover: { permission: "recover", action: "recover/action" },
  purge: { permission: "purge", action: "purge/action" },
  backup: { permission: "backup", action: "backup/action" },
  restore: { permission: "restore", action: "restore/action" },
} as const satisfies Record<string, SecretRight>;

/** Lets a caller through who may do this with the secret, or with all of them when there is no name; else 403 Forbidden. */
export function requireRight(
  platform: Platform,
  { vault, caller }: VaultCall,
  right: SecretRight,
  name?: string,
): void {
  if (vault.properties.enableRbacAuthorization === true) requireRole(platform, vault, caller, right, name);
  else requirePolicy(vault, caller, right);
}

/** Lets an address through that the vault's network rules allow; else 403 Forbidden. */
export function requireNetwork({ vault, caller }: VaultCall, address: string | undefined): void {
  const { publicNetworkAccess, networkAcls } = vault.properties;
  if (publicNetworkAccess === "disabled") {
    throw forbidden(
      "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
      [`Caller: ${callerText(caller)}`, vaultLine(vault)],
      "ForbiddenByConnection",
    );
  }
  if (networkAcls?.defaultAction !== "Deny" || (address && isListed(address, networkAcls.ipRules))) return;
  throw forbidden(
    "Client address is not authorized and caller is not a trusted service.",
    [`Client address: ${address ?? "unknown"}`, `Caller: ${callerText(caller)}`, vaultLine(vault)],
    "ForbiddenByFirewall",
  );
}

function requireRole(
  platform: Platform,
  vault: Vault,
  caller: Principal,
  { action }: SecretRight,
  name: string | undefined,
): void {
  const dataAction = `Microsoft.KeyVault/vaults/secrets/${action}`;
  const scope = name === undefined ? vault.id : `${vault.id}/secrets/${name}`;
  if (platform.access.mayActOnData(caller.objectId, dataAction, scope)) return;
  throw forbidden(
    "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
    [
      `Caller: ${callerText(caller)}`,
      `Action: '${dataAction}'`,
      `Resource: '${scope.toLowerCase()}'`,
      "Assignment: (not found)",
      "DenyAssignmentId: null",
      "DecisionReason: null ",
      vaultLine(vault),
    ],
    "ForbiddenByRbac",
  );
}

function requirePolicy(vault: Vault, caller: Principal, { permission }: SecretRight): void {
  const policies = (vault.properties.accessPolicies ?? []).filter(
    (policy) => policy.objectId.toLowerCase() === caller.objectId && (policy.applicationId ?? null) === null,
  );
  const granted = policies.flatMap((policy) => policy.permissions.secrets ?? []).map((word) => word.toLowerCase());
  // "all" leaves purge out, which has to be given by its own name
  if (granted.includes(permission) || (granted.includes("all") && permission !== "purge")) return;
  throw vaultError(
    403,
    "Forbidden",
    `The user, group or application '${callerText(caller)}' does not have secrets ${permission} permission on key vault '${vault.name};location=${vault.location}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
    "AccessDenied",
  );
}

const vaultLine = ({ name, location }: Vault) => `Vault: ${name};location=${location}`;

const forbidden = (sentence: string, lines: readonly string[], inner: string) =>
  vaultError(403, "Forbidden", `${[sentence, ...lines].join("\r\n")}\r\n`, inner);

function isListed(address: string, rules: readonly { readonly value: string }[]): boolean {
  const listed = new BlockList();
  for (const { value } of rules) {
    const [network = "", bits = "32"] = value.split("/");
    listed.addSubnet(network, Number(bits), "ipv4");
  }
  const plain = address.replace(/^::ffff:/, "");
  return isIPv4(plain) && listed.check(plain, "ipv4");
}
