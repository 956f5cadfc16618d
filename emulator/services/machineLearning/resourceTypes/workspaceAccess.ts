import type { Principal } from "../../../platform/directory.js";
import { AzureError } from "../../../platform/errors.js";
import { propertiesOf, textAt } from "../../../platform/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { PutRequest } from "../../../platform/resourceType.js";
import type { Context } from "../context.js";

const azureAiAdministrator = "b78c5d69-af96-48a3-bf8d-a8b4d589de94";
const storageBlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const keyVaultAdministrator = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
const assignAction = "Microsoft.Authorization/roleAssignments/write";

const groupOf = (id: string) => id.split("/").slice(0, 5).join("/");

/** The service makes role assignments for a new workspace's identity on behalf of its creator, who needs the right. */
export function checkRightToAssign({ platform }: Context, { existing, id, caller }: PutRequest): void {
  const scope = groupOf(id);
  if (existing || platform.access.mayAct(caller.objectId, assignAction, scope)) return;
  throw new AzureError(
    403,
    "AuthorizationFailed",
    `The client '${caller.appId}' with object id '${caller.objectId}' does not have authorization to perform action '${assignAction}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** Gives a workspace's own identity the roles that Azure gives it: on its group, its storage account and its vault. */
export function grantToWorkspace(context: Context, workspace: StoredResource, creator: Principal): void {
  const { platform, accessControl } = context;
  const identity = platform.directory.managedIdentity(workspace.id, workspace.name);
  const properties = propertiesOf(workspace);
  const grants: readonly (readonly [string, string | undefined])[] = [
    [azureAiAdministrator, groupOf(workspace.id)],
    [storageBlobDataContributor, textAt(properties, "storageAccount")],
    [keyVaultAdministrator, textAt(properties, "keyVault")],
  ];
  for (const [roleId, scope] of grants) {
    if (scope === undefined) continue;
    const holds = accessControl
      .assignmentsAt(scope)
      .some((held) => held.principalId === identity.objectId && held.roleId === roleId);
    if (holds) continue;
    const { objectId: principalId } = identity;
    const name = platform.ids.uuid();
    accessControl.assign({ scope, name, roleId, principalId, principalType: "ServicePrincipal", by: creator.objectId });
  }
}
