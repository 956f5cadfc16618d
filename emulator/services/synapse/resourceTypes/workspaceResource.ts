import { synapseUrl } from "../../../../contract/hosts.js";
import { isJsonObject, type Json, type JsonObject } from "../../../../contract/json.js";
import { AzureError, notEmulated } from "../../../platform/errors.js";
import { objectAt, propertiesOf } from "../../../platform/json.js";
import type { Platform } from "../../../platform/platform.js";
import type { PutRequest } from "../../../platform/resourceType.js";
import { subscription } from "../../../platform/subscription.js";
import { workspaceType } from "../workspaces.js";
import { checkDefaultStorage } from "./defaultStorage.js";

const namePattern = /^(?!.*-ondemand)[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/;

/** The body of a GET of a Synapse workspace (Microsoft.Synapse 2021-06-01) for the body of its PUT. */
export function workspaceBody(platform: Platform, request: PutRequest): JsonObject {
  const { body, id, name } = request;
  const properties = objectAt(body, "properties");
  const before = propertiesOf(request.existing);
  checkName(platform, request);
  checkIdentity(body);
  refuseUnsupported(properties);
  const storage = checkDefaultStorage(platform.resources, properties);
  refuseChangedStorage(before["defaultDataLakeStorage"], storage);
  for (const member of ["managedResourceGroupName", "sqlAdministratorLogin"]) refuseChange(member, before, properties);
  const login = checkAdministrator(properties, before);
  const identity = platform.directory.managedIdentity(id, name);
  return {
    location: body["location"] ?? "",
    tags: body["tags"] ?? {},
    identity: { type: "SystemAssigned", tenantId: subscription.tenantId, principalId: identity.objectId },
    properties: {
      defaultDataLakeStorage: storage,
      encryption: { doubleEncryptionEnabled: false },
      provisioningState: "Succeeded",
      connectivityEndpoints: {
        web: `https://web.azuresynapse.net?workspace=${id.replaceAll("/", "%2f")}`,
        dev: synapseUrl(name),
        sqlOnDemand: `${name}-ondemand.sql.azuresynapse.net`,
        sql: `${name}.sql.azuresynapse.net`,
      },
      managedResourceGroupName:
        before["managedResourceGroupName"] ??
        properties["managedResourceGroupName"] ??
        `synapseworkspace-managedrg-${platform.ids.uuid()}`,
      ...(login !== undefined && { sqlAdministratorLogin: login }),
      privateEndpointConnections: [],
      workspaceUID: before["workspaceUID"] ?? platform.ids.uuid(),
      extraProperties: { WorkspaceType: "Normal", IsScopeEnabled: false },
      publicNetworkAccess: networkAccessOf(properties),
      cspWorkspaceAdminProperties: before["cspWorkspaceAdminProperties"] ?? {
        initialWorkspaceAdminObjectId: initialAdministrator(platform, request, properties),
      },
      azureADOnlyAuthentication: properties["azureADOnlyAuthentication"] === true,
      trustedServiceBypassEnabled: properties["trustedServiceBypassEnabled"] === true,
    },
  };
}

function checkName(platform: Platform, { id, name }: PutRequest): void {
  if (!namePattern.test(name)) {
    const rule = "1 to 50 lower-case letters, digits and hyphens, beginning and ending with a letter or digit";
    throw new AzureError(400, "InvalidWorkspaceName", `The workspace name '${name}' is not valid: ${rule}.`);
  }
  const taken = platform.resources.named(workspaceType, name);
  if (taken && taken.id.toLowerCase() !== id.toLowerCase()) {
    throw new AzureError(409, "Conflict", `The workspace name '${name}' is already taken by '${taken.id}'.`);
  }
}

function networkAccessOf(properties: JsonObject): string {
  const given = properties["publicNetworkAccess"] ?? "Enabled";
  if (given === "Enabled" || given === "Disabled") return given;
  const message = `'publicNetworkAccess' is '${String(given)}': it must be 'Enabled' or 'Disabled'.`;
  throw new AzureError(400, "InvalidPublicNetworkAccess", message);
}

function checkIdentity(body: JsonObject): void {
  const type = String(objectAt(body, "identity")["type"] ?? "").toLowerCase();
  if (type.includes("userassigned")) throw notEmulated("user-assigned identities of a Synapse workspace");
  if (type !== "systemassigned") {
    throw new AzureError(400, "InvalidIdentity", "A Synapse workspace needs the identity type 'SystemAssigned'.");
  }
}

function refuseUnsupported(properties: JsonObject): void {
  for (const name of ["managedVirtualNetwork", "workspaceRepositoryConfiguration", "purviewConfiguration"]) {
    const value = properties[name];
    if (value !== undefined && value !== null && value !== "") throw notEmulated(`${name} of a Synapse workspace`);
  }
  if (objectAt(properties, "encryption")["cmk"] !== undefined) {
    throw notEmulated("customer-managed keys of a Synapse workspace");
  }
}

function refuseChangedStorage(before: Json | undefined, now: JsonObject): void {
  if (!isJsonObject(before)) return;
  for (const name of ["accountUrl", "filesystem"]) {
    if (before[name] === now[name]) continue;
    const message = `'defaultDataLakeStorage.${name}' of a workspace cannot be changed.`;
    throw new AzureError(400, "InvalidDefaultDataLakeStorage", message);
  }
}

function refuseChange(member: string, before: JsonObject, now: JsonObject): void {
  const [present, wanted] = [before[member], now[member]];
  if (typeof present !== "string" || typeof wanted !== "string" || wanted === "" || present === wanted) return;
  throw new AzureError(400, "PropertyChangeNotAllowed", `'${member}' of a workspace cannot be changed.`);
}

/** A SQL administrator with a password, or no SQL passwords at all. */
function checkAdministrator(properties: JsonObject, before: JsonObject): Json | undefined {
  const login = properties["sqlAdministratorLogin"] ?? before["sqlAdministratorLogin"];
  if (properties["azureADOnlyAuthentication"] === true) return login;
  const password = properties["sqlAdministratorLoginPassword"];
  const isNew = before["workspaceUID"] === undefined;
  if (typeof login === "string" && login !== "" && (!isNew || (typeof password === "string" && password !== ""))) {
    return login;
  }
  throw new AzureError(
    400,
    "InvalidSqlAdministrator",
    "'sqlAdministratorLogin' and 'sqlAdministratorLoginPassword' are required unless 'azureADOnlyAuthentication' is true.",
  );
}

function initialAdministrator({ directory }: Platform, { caller }: PutRequest, properties: JsonObject): string {
  const given = objectAt(properties, "cspWorkspaceAdminProperties")["initialWorkspaceAdminObjectId"];
  if (typeof given !== "string") return caller.objectId;
  if (directory.byObjectId(given)) return given;
  throw new AzureError(400, "InvalidPrincipalId", `The Principal ID '${given}' is not valid.`);
}
