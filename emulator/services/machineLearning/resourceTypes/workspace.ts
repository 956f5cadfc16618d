import { machineLearningApiUrl } from "../../../../contract/hosts.js";
import type { Json, JsonObject } from "../../../../contract/json.js";
import { AzureError, notEmulated } from "../../../platform/errors.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import { subscription } from "../../../platform/subscription.js";
import type { Context } from "../context.js";
import { badArgument } from "../errors.js";
import { sameId, types } from "../names.js";
import { makeSystemDatastores } from "./systemDatastores.js";
import { checkRightToAssign, grantToWorkspace } from "./workspaceAccess.js";

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/;

/** What a workspace must be linked to, and the ARM type of each. */
const linked = {
  storageAccount: "Microsoft.Storage/storageAccounts",
  keyVault: "Microsoft.KeyVault/vaults",
  applicationInsights: "Microsoft.Insights/components",
} as const;

/** Microsoft.MachineLearningServices/workspaces (2025-12-01): kind Default, system-assigned identity. */
export function workspaceResource(
  context: Context,
  removed: (workspace: StoredResource) => Promise<void>,
): ResourceType {
  const { platform } = context;
  return {
    type: types.workspace,
    putStyle: "provisioningState",
    tracked: true,
    prepare(request) {
      check(context, request);
      const identity = platform.directory.managedIdentity(request.id, request.name);
      const { tenantId } = subscription;
      return {
        identity: { type: "SystemAssigned", principalId: identity.objectId, tenantId },
        kind: "Default",
        sku: { name: "Basic", tier: "Basic" },
        properties: workspaceProperties(context, request),
      };
    },
    async apply(resource, request) {
      await makeSystemDatastores(context, resource);
      grantToWorkspace(context, resource, request.caller);
    },
    remove: removed,
    actions: { listkeys: (resource) => listKeys(context, resource) },
  };
}

function check(context: Context, request: PutRequest): void {
  const { body, name } = request;
  const properties = objectAt(body, "properties");
  if (!namePattern.test(name)) {
    throw badArgument(`The workspace name '${name}' is not valid: 3 to 33 letters, digits, hyphens and underscores.`);
  }
  const kind = textAt(body, "kind") ?? "Default";
  if (kind.toLowerCase() !== "default") throw notEmulated(`a machine learning workspace of kind '${kind}'`);
  const identity = textAt(objectAt(body, "identity"), "type");
  if (identity === undefined) throw badArgument("A workspace needs an identity: set identity.type to SystemAssigned.");
  if (identity !== "SystemAssigned")
    throw notEmulated(`the identity type '${identity}' of a machine learning workspace`);
  const before = request.existing && propertiesOf(request.existing);
  for (const [member, type] of Object.entries(linked)) {
    const id = textAt(properties, member);
    if (id === undefined) throw badArgument(`A workspace needs '${member}': the ARM id of a ${type}.`);
    const found = context.platform.resources.get(id);
    if (found?.type.toLowerCase() !== type.toLowerCase()) {
      throw new AzureError(400, "ValidationError", `The resource '${id}' (${member}) is not a ${type} that exists.`);
    }
    if (member === "storageAccount" && propertiesOf(found)["isHnsEnabled"] === true) {
      throw new AzureError(
        400,
        "ValidationError",
        `The storage account '${found.name}' has a hierarchical namespace (isHnsEnabled), which a workspace's storage must not have.`,
      );
    }
    const present = before && textAt(before, member);
    if (present !== undefined && member !== "applicationInsights" && !sameId(present, id)) {
      throw badArgument(`The workspace's ${member} cannot be changed from '${present}' to '${id}'.`);
    }
  }
  checkRightToAssign(context, request);
}

function workspaceProperties({ platform }: Context, request: PutRequest): JsonObject {
  const given = objectAt(request.body, "properties");
  const before = request.existing ? propertiesOf(request.existing) : {};
  const location = textAt(request.body, "location") ?? "";
  const api = machineLearningApiUrl(location);
  const taken: Readonly<Record<string, Json>> = {
    description: null,
    containerRegistry: null,
    hbiWorkspace: false,
    imageBuildCompute: null,
    v1LegacyMode: false,
    publicNetworkAccess: "Enabled",
    systemDatastoresAuthMode: "accesskey",
  };
  return {
    ...Object.fromEntries(Object.entries(taken).map(([member, value]) => [member, given[member] ?? value])),
    friendlyName: given["friendlyName"] ?? request.name,
    ...Object.fromEntries(Object.keys(linked).map((member) => [member, given[member] ?? null])),
    tenantId: subscription.tenantId,
    workspaceId: before["workspaceId"] ?? platform.ids.uuid(),
    creationTime: before["creationTime"] ?? platform.clock.now().toISOString(),
    discoveryUrl: `${api}/discovery`,
    mlFlowTrackingUri: `${api.replace("https:", "azureml:")}/mlflow/v1.0${request.id}`,
    softDeleteEnabled: false,
    storageHnsEnabled: false,
    privateLinkCount: 0,
    notebookInfo: null,
    provisioningState: "Succeeded",
  };
}

function listKeys({ accountKey, platform }: Context, workspace: StoredResource): Json {
  const properties = propertiesOf(workspace);
  const storageId = textAt(properties, "storageAccount") ?? "";
  const insights = platform.resources.get(textAt(properties, "applicationInsights") ?? "");
  return {
    userStorageKey: accountKey(storageId.slice(storageId.lastIndexOf("/") + 1)) ?? null,
    userStorageResourceId: storageId,
    appInsightsInstrumentationKey: (insights && propertiesOf(insights)["InstrumentationKey"]) ?? null,
    containerRegistryCredentials: null,
    notebookAccessKeys: null,
  };
}
