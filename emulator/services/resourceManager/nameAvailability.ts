import { isJsonObject } from "../../../contract/json.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { subscriptionId } from "./locate.js";

/** How a globally unique name looks and what its provider says of it. */
interface NamingRule {
  readonly type: string;
  readonly pattern: RegExp;
  readonly invalid: string;
  readonly taken: (name: string) => string;
  /** What the answer calls the verdict. */
  readonly verdict: "nameAvailable" | "available";
}

const rules: Readonly<Record<string, NamingRule>> = {
  "microsoft.keyvault": {
    type: "Microsoft.KeyVault/vaults",
    pattern: /^(?=.{3,24}$)[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/i,
    invalid:
      "A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.",
    taken: (name) =>
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information on soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.`,
    verdict: "nameAvailable",
  },
  "microsoft.storage": {
    type: "Microsoft.Storage/storageAccounts",
    pattern: /^[a-z0-9]{3,24}$/,
    invalid:
      "Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
    taken: (name) => `The storage account named ${name} is already taken.`,
    verdict: "nameAvailable",
  },
  "microsoft.synapse": {
    type: "Microsoft.Synapse/workspaces",
    pattern: /^(?!.*-ondemand)[a-z0-9][a-z0-9-]{0,48}[a-z0-9]$/,
    invalid:
      "A workspace's name must be between 1 and 50 characters, use lower-case letters, digits and hyphens only, begin and end with a letter or digit, and not contain '-ondemand'.",
    taken: (name) => `Workspace name '${name}' is already in use.`,
    verdict: "available",
  },
};

/** POST `…/providers/{namespace}/checkNameAvailability` for vaults, storage accounts and Synapse workspaces. */
export function checkName(context: ArmContext, request: ArmRequest, namespace: string): ArmAnswer {
  const rule = rules[namespace.toLowerCase()];
  if (!rule) throw armErrors.notSupported(`checkNameAvailability of '${namespace}'`);
  authorize(context, request, `${namespace}/checkNameAvailability/read`, subscriptionId);
  const body = isJsonObject(request.body) ? request.body : {};
  const { name, type } = body;
  if (typeof name !== "string" || String(type).toLowerCase() !== rule.type.toLowerCase()) {
    throw armErrors.invalidContent(`'name' and 'type' ('${rule.type}') are required.`);
  }
  const said = rule.verdict === "available" ? { name } : {};
  if (!rule.pattern.test(name)) {
    return ok({
      ...said,
      [rule.verdict]: false,
      reason: "AccountNameInvalid",
      message: `${name} is not a valid name. ${rule.invalid}`,
    });
  }
  if (context.platform.resources.named(rule.type, name) || context.deleted.named(rule.type, name)) {
    return ok({ ...said, [rule.verdict]: false, reason: "AlreadyExists", message: rule.taken(name) });
  }
  return ok({ ...said, [rule.verdict]: true });
}
