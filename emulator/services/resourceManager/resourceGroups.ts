import { regionName } from "../../../contract/hosts.js";
import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { checkTags } from "./envelope.js";
import { armErrors } from "./errors.js";
import { groupId, groupNamed, groupType } from "./locate.js";
import { isRegion, regions } from "./locations.js";
import { deleteGroup } from "./remove.js";

const permission = "Microsoft.Resources/subscriptions/resourceGroups";

const members = ["id", "name", "type", "location", "managedBy", "tags", "properties", "systemData"];

/** GET `/resourcegroups`: those that the caller may read. */
export function listGroups(context: ArmContext, request: ArmRequest): ArmAnswer {
  const groups = context.platform.resources
    .ofType(groupType)
    .filter(({ id }) => context.access.mayAct(request.caller.objectId, `${permission}/read`, id));
  return listOf(groups.map(({ body }) => body));
}

/** PUT, PATCH, GET, HEAD and DELETE of a resource group. */
export function handleGroup(context: ArmContext, request: ArmRequest, name: string): ArmAnswer {
  const { resources } = context.platform;
  switch (request.method) {
    case "PUT":
    case "PATCH":
      return writeGroup(context, request, name);
    case "GET":
      authorize(context, request, `${permission}/read`, groupId(name));
      return ok(groupNamed(resources, name).body);
    case "HEAD":
      authorize(context, request, `${permission}/read`, groupId(name));
      return { status: resources.get(groupId(name)) ? 204 : 404 };
    case "DELETE":
      authorize(context, request, `${permission}/delete`, groupId(name));
      return deleteGroup(context, request, name);
    default:
      throw armErrors.methodNotAllowed(request.method, "a resource group");
  }
}

function writeGroup(context: ArmContext, request: ArmRequest, name: string): ArmAnswer {
  const { resources } = context.platform;
  authorize(context, request, `${permission}/write`, groupId(name));
  if (!isJsonObject(request.body)) throw armErrors.invalidContent("A JSON object is required.");
  const existing = resources.get(groupId(name));
  if (request.method === "PATCH" && !existing) throw armErrors.groupNotFound(name);
  const given: JsonObject = request.method === "PATCH" ? { ...existing?.body, ...request.body } : request.body;
  const unknown = Object.keys(given).find((member) => !members.includes(member));
  if (unknown !== undefined) {
    throw armErrors.invalidContent(`Could not find member '${unknown}' on object of type 'ResourceGroupDefinition'`);
  }
  checkName(name);
  checkTags(given);
  const location = checkedLocation(name, given, existing?.body);
  const present = existing?.body["properties"] as JsonObject | undefined;
  if (present?.["provisioningState"] === "Deleting") throw armErrors.groupBeingDeleted(name);
  const id = existing?.id ?? groupId(name);
  const { tags, managedBy } = given;
  const body = {
    location,
    ...(managedBy !== undefined && { managedBy }),
    ...(tags !== undefined && { tags }),
    properties: { provisioningState: "Succeeded" },
  };
  resources.put({ id, type: groupType, name: existing?.name ?? name, body, createdWith: request.apiVersion });
  return { status: existing ? 200 : 201, body: groupNamed(resources, name).body };
}

function checkName(name: string): void {
  if (/^[\p{L}\p{N}._()-]{1,90}$/u.test(name) && !name.endsWith(".")) return;
  throw new AzureError(
    400,
    "InvalidResourceGroup",
    `The provided resource group name '${name}' is not valid. The name can be up to 90 letters, digits, '-', '.', '(', ')' or '_', and must not end with a period.`,
  );
}

function checkedLocation(name: string, given: JsonObject, existing: JsonObject | undefined): string {
  if (typeof given["location"] !== "string" || given["location"] === "") throw armErrors.locationRequired();
  const location = regionName(given["location"]);
  if (!isRegion(location)) {
    const message = `The provided location '${location}' is not available for resource group. List of available regions is '${[...regions.keys()].join(",")}'.`;
    throw new AzureError(400, "LocationNotAvailableForResourceGroup", message);
  }
  if (existing && existing["location"] !== location) {
    const message = `Invalid resource group location '${location}'. The Resource group already exists in location '${String(existing["location"])}'.`;
    throw new AzureError(409, "InvalidResourceGroupLocation", `${message} (resource group '${name}')`);
  }
  return location;
}
