import { z } from "zod";
import { regionName } from "../../contract/hosts.js";
import type { Arm } from "./arm.js";

/** A resource that is not there yet and whose name must be free in all of Azure. */
export interface Wish {
  readonly type: keyof typeof questions;
  readonly name: string;
  readonly subscriptionId: string;
  /** Deleted vaults are kept by region. */
  readonly location: string;
}

/** The provider's version of `checkNameAvailability`, and what its verdict is called. */
const questions = {
  "Microsoft.KeyVault/vaults": { apiVersion: "2024-11-01", verdict: "nameAvailable" },
  "Microsoft.Storage/storageAccounts": { apiVersion: "2024-01-01", verdict: "nameAvailable" },
  "Microsoft.Synapse/workspaces": { apiVersion: "2021-06-01", verdict: "available" },
} as const;

const answer = z.looseObject({ message: z.string().nullish() });

/** A finding when the name is taken, with what frees it: of a deleted vault of the subscription's own, a purge. */
export async function nameFindings(arm: Arm, wish: Wish): Promise<readonly string[]> {
  const { type, name, subscriptionId, location } = wish;
  const { apiVersion, verdict } = questions[type];
  const [namespace] = type.split("/");
  const path = `/subscriptions/${subscriptionId}/providers/${namespace}`;
  const isVault = type === "Microsoft.KeyVault/vaults";
  const [said, deleted] = await Promise.all([
    arm.post(`${path}/checkNameAvailability`, apiVersion, { name, type }),
    isVault
      ? arm.get(`${path}/locations/${regionName(location)}/deletedVaults/${name}`, apiVersion)
      : ({ kind: "nothing" } as const),
  ]);
  if (deleted.kind === "answer") {
    return [
      `a deleted vault holds the name ${name}; purge it for good or bring it back:\n  az keyvault purge --name ${name} --location ${regionName(location)}\n  az keyvault recover --name ${name} --location ${regionName(location)}`,
    ];
  }
  const parsed = answer.safeParse(said.kind === "answer" ? said.json : undefined);
  if (!parsed.success || parsed.data[verdict] !== false) return [];
  const why = parsed.data.message ?? "it is taken";
  return [
    `the name ${name} cannot be used for ${type}: ${why}; choose other names: pulumi config set nameSuffix <letters or digits>`,
  ];
}
