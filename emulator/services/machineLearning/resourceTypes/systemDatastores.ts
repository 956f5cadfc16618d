import type { JsonObject } from "../../../../contract/json.js";
import { propertiesOf, textAt } from "../../../platform/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { Context } from "../context.js";
import { defaultDatastore, types } from "../names.js";

/** Makes the four datastores that every workspace has, and the blob containers behind them. */
export async function makeSystemDatastores({ platform, blobs }: Context, workspace: StoredResource): Promise<void> {
  const properties = propertiesOf(workspace);
  const workspaceGuid = textAt(properties, "workspaceId") ?? "";
  const storageId = textAt(properties, "storageAccount") ?? "";
  const accountName = storageId.slice(storageId.lastIndexOf("/") + 1);
  const containers = [`azureml-blobstore-${workspaceGuid}`, "azureml"];
  for (const container of containers) await blobs.createContainer(accountName, container);

  const usesKey = textAt(properties, "systemDatastoresAuthMode") !== "identity";
  const shared = {
    accountName,
    endpoint: "core.windows.net",
    protocol: "https",
    subscriptionId: storageId.split("/")[2] ?? "",
    resourceGroup: storageId.split("/")[4] ?? "",
    credentials: { credentialsType: usesKey ? "AccountKey" : "None" },
    serviceDataAccessAuthIdentity: "None",
    isDefault: false,
    description: null,
    tags: {},
    properties: {},
  };
  const [blobContainer, artifactContainer] = containers;
  const made: Readonly<Record<string, JsonObject>> = {
    [defaultDatastore]: { ...shared, datastoreType: "AzureBlob", containerName: blobContainer ?? "", isDefault: true },
    workspaceartifactstore: { ...shared, datastoreType: "AzureBlob", containerName: artifactContainer ?? "" },
    workspacefilestore: { ...shared, datastoreType: "AzureFile", fileShareName: `azureml-filestore-${workspaceGuid}` },
    workspaceworkingdirectory: { ...shared, datastoreType: "AzureFile", fileShareName: `code-${workspaceGuid}` },
  };
  for (const [name, body] of Object.entries(made)) {
    const id = `${workspace.id}/datastores/${name}`;
    if (platform.resources.get(id)) continue;
    const { createdWith } = workspace;
    platform.resources.put({ id, type: types.datastore, name, createdWith, body: { properties: body } });
  }
}
