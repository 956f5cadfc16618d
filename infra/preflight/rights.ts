import { z } from "zod";
import type { Arm } from "./arm.js";

const permissions = z.object({
  value: z.array(z.object({ actions: z.array(z.string()), notActions: z.array(z.string()).default([]) })),
});

/** Whether an action (`Microsoft.Resources/subscriptions/resourceGroups/write`) is among somebody's rights. */
export type May = (action: string) => boolean;

/** The deployer's own rights at a scope (Microsoft.Authorization/permissions, 2022-04-01); undefined where Azure does not say. */
export async function rightsAt(arm: Arm, scope: string): Promise<May | undefined> {
  const said = await arm.get(`${scope}/providers/Microsoft.Authorization/permissions`, "2022-04-01");
  const parsed = permissions.safeParse(said.kind === "answer" ? said.json : undefined);
  if (!parsed.success) return undefined;
  return (action) =>
    parsed.data.value.some(
      ({ actions, notActions }) =>
        actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action)),
    );
}

/** A role definition's pattern: `*` stands for anything, in any place. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

/** What a deployment does besides making resources, and the role that allows it. */
const needed = [
  { action: "Microsoft.Resources/subscriptions/resourceGroups/write", role: "Contributor", doing: "make the group" },
  {
    action: "Microsoft.Authorization/roleAssignments/write",
    role: "User Access Administrator",
    doing: "assign roles",
  },
] as const;

/** One finding for each right that is missing, with the command that somebody who has it can run. */
export function missingRights(may: May, scope: string, deployer: string): readonly string[] {
  return needed
    .filter(({ action }) => !may(action))
    .map(
      ({ action, role, doing }) =>
        `the deployer may not ${doing} (${action}); an owner can allow it:\n  az role assignment create --assignee ${deployer} --role "${role}" --scope ${scope}`,
    );
}

/** A finding when the deletes that free names would be refused. */
export function missingPurgeRight(may: May): readonly string[] {
  if (may("Microsoft.KeyVault/locations/deletedVaults/purge/action")) return [];
  return [
    "purgeOnDestroy: the deployer may not purge deleted vaults (Microsoft.KeyVault/locations/deletedVaults/purge/action); leave them to Azure: pulumi config set purgeOnDestroy false",
  ];
}
