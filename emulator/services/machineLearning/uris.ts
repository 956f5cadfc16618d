import { hostSuffixes } from "../../../contract/hosts.js";
import { redact } from "../../../contract/redaction.js";
import type { BlobPlace } from "../../platform/blobs.js";
import { propertiesOf, textAt } from "../../platform/json.js";
import type { Resources, StoredResource } from "../../platform/resources.js";
import { badArgument, notFound } from "./errors.js";
import { sameId, types, workspaceIdOf } from "./names.js";

/** What a URI points at: a blob, and the datastore through which it is reached (none for a plain blob URL). */
export interface Location {
  readonly place: BlobPlace;
  readonly datastore: StoredResource | undefined;
}

/** Resolves every URI form of the service that names one file or folder of the workspace; refuses the rest by name. */
export function resolveUri(resources: Resources, workspace: StoredResource, uri: string): Location {
  const text = uri.trim();
  const blob = blobPlace(text);
  if (blob) return { place: blob, datastore: undefined };
  const path = pathInWorkspace(resources, workspace, text);
  // it may carry a shared access signature
  if (!path) throw badArgument(`The URI '${redact(uri)}' is not of a form that is supported here.`);
  const datastore = /^datastores\/([^/]+)\/paths\/(.+)$/i.exec(path);
  if (datastore?.[1] && datastore[2]) return inDatastore(resources, workspace, datastore[1], datastore[2]);
  const asset = /^data\/([^/]+)\/(versions|labels)\/([^/]+)$/i.exec(path);
  if (asset?.[1] && asset[2] && asset[3]) {
    const version = dataVersion(resources, workspace, asset[1], asset[2].toLowerCase(), asset[3]);
    return resolveUri(resources, workspace, textAt(propertiesOf(version), "dataUri") ?? "");
  }
  throw badArgument(`The URI '${uri}' names neither a path in a datastore nor a version of a data asset.`);
}

/** `https://<account>.blob.core.windows.net/<container>/<path>` or `wasbs://<container>@<account>…/<path>`. */
export function blobPlace(uri: string): BlobPlace | undefined {
  const suffix = hostSuffixes.blob.replaceAll(".", "\\.");
  const https = new RegExp(`^https://([a-z0-9]+)${suffix}/([^/?]+)/([^?]+)$`).exec(uri);
  if (https?.[1] && https[2] && https[3]) {
    return { account: https[1], container: https[2], path: decoded(https[3]) };
  }
  const wasbs = new RegExp(`^wasbs://([^@/]+)@([a-z0-9]+)${suffix}/(.+)$`).exec(uri);
  return wasbs?.[1] && wasbs[2] && wasbs[3] ? { account: wasbs[2], container: wasbs[1], path: wasbs[3] } : undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badArgument(`The path '${path}' is not validly encoded.`);
  }
}

/** The version of a data asset that an ARM id, or an `azureml:` form of it, names; undefined for any other URI. */
export function dataVersionAt(
  resources: Resources,
  workspace: StoredResource,
  uri: string,
): StoredResource | undefined {
  const path = blobPlace(uri.trim()) ? undefined : pathInWorkspace(resources, workspace, uri.trim());
  const asset = /^data\/([^/]+)\/(versions|labels)\/([^/]+)$/i.exec(path ?? "");
  return asset?.[1] && asset[2] && asset[3]
    ? dataVersion(resources, workspace, asset[1], asset[2].toLowerCase(), asset[3])
    : undefined;
}

/** What follows the workspace in an ARM id or an `azureml:` URI of it: `datastores/d/paths/p`, `data/n/versions/v`. */
function pathInWorkspace(resources: Resources, workspace: StoredResource, uri: string): string | undefined {
  const short = /^azureml:\/\/(datastores\/.+)$/i.exec(uri);
  if (short?.[1]) return short[1];
  const byLocation = /^azureml:\/\/locations\/[^/]+\/workspaces\/([^/]+)\/(.+)$/i.exec(uri);
  if (byLocation?.[1] && byLocation[2]) {
    const own = textAt(propertiesOf(workspace), "workspaceId") ?? "";
    if (!sameId(own, byLocation[1])) throw otherWorkspace(uri, workspace);
    return byLocation[2];
  }
  const provider = "providers/Microsoft.MachineLearningServices/";
  const id = uri
    .replace(/^azureml:\/*(?=subscriptions\/)/i, "/")
    .replace(/^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/)(?=workspaces\/)/i, `$1${provider}`);
  const workspaceId = workspaceIdOf(id);
  if (workspaceId === undefined) return undefined;
  if (resources.get(workspaceId)?.id !== workspace.id) throw otherWorkspace(uri, workspace);
  return id.slice(workspaceId.length + 1);
}

function inDatastore(resources: Resources, workspace: StoredResource, name: string, path: string): Location {
  const datastore = resources.get(`${workspace.id}/datastores/${name}`);
  if (!datastore) throw notFound(`There is no datastore '${name}' in the workspace '${workspace.name}'.`);
  const properties = propertiesOf(datastore);
  const account = textAt(properties, "accountName");
  const container = textAt(properties, "containerName");
  if (properties["datastoreType"] !== "AzureBlob" || !account || !container) {
    throw badArgument(`The datastore '${name}' is not of type AzureBlob: a batch job cannot use it.`);
  }
  return { place: { account, container, path: path.replace(/^\/+/, "") }, datastore };
}

function dataVersion(
  resources: Resources,
  workspace: StoredResource,
  name: string,
  by: string,
  value: string,
): StoredResource {
  const container = `${workspace.id}/data/${name}`;
  const latest = resources.get(container);
  const version =
    by === "versions"
      ? value
      : value === "latest" && latest
        ? textAt(propertiesOf(latest), "latestVersion")
        : undefined;
  const found = version === undefined ? undefined : resources.get(`${container}/versions/${version}`);
  if (!found) throw notFound(`There is no data asset '${name}' with ${by.slice(0, -1)} '${value}' (${types.data}).`);
  return found;
}

const otherWorkspace = (uri: string, workspace: StoredResource) =>
  badArgument(`The URI '${uri}' is not in the workspace '${workspace.name}' of the endpoint.`);
