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

/** What does not come back with a recovered workspace; its jobs are kept with their history. */
const ended: readonly string[] = [types.compute, types.batchEndpoint, types.deployment, types.job];

/** Microsoft.MachineLearningServices/workspaces (2025-12-01): kind Default, system-assigned identity. */
export function workspaceResource(
  context: Context,
  jobs: {
    /** Ends the jobs that are under way; no job is a resource any more. */
    readonly stop: (workspaceId: string) => Promise<void>;
    /** They are again. */
    readonly showAll: (workspaceId: string) => void;
    /** Ends what the workspace held besides its resources: jobs, datasets. */
    readonly removeAll: (workspaceId: string) => void;
  },
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
      jobs.showAll(resource.id);
    },
    remove: ({ id }) => jobs.stop(id),
    softDelete: {
      retentionDays: () => 14,
      purgeParameter: { name: "forceToPurge", endsKept: true },
      keeps: ({ type }) => !ended.includes(type),
      recover(request, { resource }) {
        const wanted = objectAt(request.body, "properties")["allowRecoverSoftDeletedWorkspace"];
        if (String(wanted).toLowerCase() !== "true") throw softDeletedExists();
        checkRightToAssign(context, request);
        return resource.body;
      },
      purge: async ({ id }) => jobs.removeAll(id),
    },
    actions: { listkeys: (resource) => listKeys(context, resource) },
  };
}

const softDeletedExists = () =>
  new AzureError(
    400,
    "BadRequest",
    "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete",
  );

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
  checkSettings(body, properties, before);
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

/** What a request may say of the workspace itself; what nothing here would keep to is refused by name. */
function checkSettings(body: JsonObject, properties: JsonObject, before: JsonObject | undefined): void {
  const sku = textAt(objectAt(body, "sku"), "name") ?? "Basic";
  if (sku.toLowerCase() !== "basic") throw badArgument(`The sku '${sku}' is not valid: a workspace has the sku Basic.`);
  for (const member of ["hbiWorkspace", "v1LegacyMode"]) {
    const given = properties[member] ?? false;
    if (typeof given !== "boolean") throw badArgument(`The workspace's ${member} must be true or false.`);
    if (given && member === "v1LegacyMode") throw notEmulated("v1LegacyMode of a machine learning workspace");
  }
  if (before && (properties["hbiWorkspace"] ?? false) !== before["hbiWorkspace"]) {
    throw badArgument("The workspace's hbiWorkspace cannot be changed.");
  }
  const access = textAt(properties, "publicNetworkAccess") ?? "Enabled";
  if (access === "Disabled") throw notEmulated("publicNetworkAccess Disabled of a machine learning workspace");
  if (access !== "Enabled") throw badArgument(`The workspace's publicNetworkAccess must be Enabled or Disabled.`);
  const mode = textAt(properties, "systemDatastoresAuthMode") ?? "accesskey";
  if (!["accesskey", "identity"].includes(mode.toLowerCase())) {
    throw badArgument(`The workspace's systemDatastoresAuthMode is '${mode}': it must be accesskey or identity.`);
  }
  if (textAt(properties, "containerRegistry"))
    throw notEmulated("a container registry of a machine learning workspace");
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
