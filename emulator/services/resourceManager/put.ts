import { regionName } from "../../../contract/hosts.js";
import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { objectAt, propertiesOf } from "../../platform/json.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutRequest, PutStyle, ResourceType } from "../../platform/resourceType.js";
import type { ArmAnswer, ArmContext, ArmRequest } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { splitType } from "./catalog.js";
import { checkEnvelope, checkRegistration, stamped } from "./envelope.js";
import { armErrors } from "./errors.js";
import { groupNamed, type Located, locate, parentOf, relativeId } from "./locate.js";
import type { Operation } from "./operations.js";
import { parseTarget, type ResourceTarget } from "./path.js";
import { pollingHeaders } from "./polling.js";

/** What a PUT needs to go on after its process was killed. */
interface PendingPut {
  readonly request: { readonly resourceGroup: string; readonly body: JsonObject };
  readonly final: JsonObject;
  readonly previous: JsonObject | null;
}

/** PUT or PATCH of a resource in a group: checks, stores, answers in the style of its provider. */
export async function writeResource(
  context: ArmContext,
  request: ArmRequest,
  target: ResourceTarget,
): Promise<ArmAnswer> {
  const { resources } = context.platform;
  const located = locate(context, target, request.apiVersion);
  const { type, id, name, groupName } = located;
  authorize(context, request, `${type.type}/write`, id);
  const group = groupNamed(resources, groupName);
  if (propertiesOf(group)["provisioningState"] === "Deleting") {
    throw armErrors.groupBeingDeleted(groupName);
  }
  checkRegistration(context, type);
  const parent = parentOf(context, located, "write");
  const existing = resources.get(id);
  const body = bodyOf(request, located, existing);
  checkEnvelope(type, name, groupName, body, existing);

  const put: PutRequest = {
    id,
    name,
    resourceGroup: group.name,
    parent,
    existing,
    body,
    apiVersion: request.apiVersion,
    caller: request.caller,
  };
  const prepared = await type.prepare(put);
  const final = stamped(type, put, prepared, context.platform.clock.now());
  const complete = type.putStyle === "synchronous" ? final : withState(final, stateOf(final) ?? "Succeeded");
  const busy = context.operations.busyWith(id) !== undefined;
  const ending = located.ancestors.find((above) => context.operations.busyWith(above) === "delete");
  if (busy || ending !== undefined) throw armErrors.operationInProgress(ending ?? id);
  return store(context, request, type, put, complete);
}

async function store(
  context: ArmContext,
  request: ArmRequest,
  type: ResourceType,
  put: PutRequest,
  final: JsonObject,
): Promise<ArmAnswer> {
  const { platform, operations } = context;
  const { id, name, existing } = put;
  const resource: StoredResource = { id, type: type.type, name, body: final, createdWith: request.apiVersion };
  const style = styleOf(type, existing !== undefined);
  const status = existing ? 200 : 201;
  if (!type.apply && (style === "synchronous" || style === "provisioningState")) {
    platform.resources.put(resource);
    return { status, body: current(context, id) };
  }
  const pending: PendingPut = {
    request: { resourceGroup: put.resourceGroup, body: put.body },
    final,
    previous: existing?.body ?? null,
  };
  const operation = platform.store.transaction(() => {
    const running = style === "synchronous" ? final : withState(final, runningState(type.type, existing !== undefined));
    platform.resources.put({ ...resource, body: running });
    const { apiVersion, caller } = request;
    const start = { kind: "put" as const, resourceId: id, callerId: caller.objectId, apiVersion };
    return operations.begin(start, pending as unknown as Json);
  });
  const work = () => finish(context, type, resource, put, pending, style === "synchronous");
  if (style === "synchronous") {
    await operations.run(operation, work);
    return { status, body: current(context, id) };
  }
  const answer = {
    status: style === "location" ? 202 : status,
    headers: pollingHeaders(request, style, resource, operation),
  };
  const body = current(context, id);
  operations.runInBackground(operation, work);
  return style === "location" ? answer : { ...answer, body };
}

/** Goes on with a PUT that a killed process left: its effect is applied again. */
export function resumePut(context: ArmContext, operation: Operation, request: Json): void {
  const pending = request as unknown as PendingPut;
  context.operations.runInBackground(operation, async () => {
    const resource = context.platform.resources.get(operation.resourceId);
    const target = parseTarget(operation.resourceId.split("/").filter(Boolean));
    const caller = context.platform.directory.byObjectId(operation.callerId);
    if (!resource || !target || !caller) throw armErrors.resourceNotFound(relativeId(operation.resourceId), "");
    const located = locate(context, target, operation.apiVersion);
    const put: PutRequest = {
      ...pending.request,
      id: resource.id,
      name: resource.name,
      parent: parentOf(context, located, "write"),
      existing: pending.previous ? { ...resource, body: pending.previous } : undefined,
      apiVersion: operation.apiVersion,
      caller,
    };
    const style = styleOf(located.type, pending.previous !== null);
    await finish(context, located.type, resource, put, pending, style === "synchronous");
  });
}

/** Applies the effect; then the resource has its final state. A failed synchronous PUT leaves things as they were. */
async function finish(
  context: ArmContext,
  type: ResourceType,
  resource: StoredResource,
  put: PutRequest,
  pending: PendingPut,
  synchronous: boolean,
): Promise<void> {
  const { resources } = context.platform;
  const settle = (state: string) => {
    const stored = resources.get(resource.id);
    if (stored && !synchronous) resources.put({ ...stored, body: withState(stored.body, state) });
  };
  try {
    await type.apply?.(
      { ...resource, body: { ...pending.final, id: resource.id, name: resource.name, type: resource.type } },
      put,
    );
  } catch (error) {
    if (!synchronous) settle("Failed");
    else if (pending.previous) resources.put({ ...resource, body: pending.previous });
    else resources.remove(resource.id);
    throw error;
  }
  settle(stateOf(pending.final) ?? "Succeeded");
}

/** The body of a PUT; for a PATCH the resource as it is with the given members merged in. */
function bodyOf(
  request: ArmRequest,
  { type, id, groupName }: Located,
  existing: StoredResource | undefined,
): JsonObject {
  if (typeof request.body === "string") throw armErrors.mediaType();
  if (!isJsonObject(request.body)) throw armErrors.invalidContent("A JSON object is required.");
  const body = withRegion(request.body);
  if (request.method === "PUT") return body;
  if (type.patchable === false) throw armErrors.methodNotAllowed("PATCH", type.type);
  if (!existing) throw armErrors.resourceNotFound(relativeId(id), groupName);
  const { id: _id, name: _name, type: _type, systemData: _systemData, ...members } = existing.body;
  return { ...members, ...body, properties: { ...objectAt(members, "properties"), ...objectAt(body, "properties") } };
}

/** A provider that answers a new resource with a Location alone answers an update with the resource. */
const styleOf = (type: ResourceType, isUpdate: boolean): PutStyle =>
  isUpdate && type.putStyle === "location" ? "synchronous" : type.putStyle;

function withRegion(body: JsonObject): JsonObject {
  return typeof body["location"] === "string" ? { ...body, location: regionName(body["location"]) } : body;
}

function stateOf(body: JsonObject): string | undefined {
  const state = objectAt(body, "properties")["provisioningState"];
  return typeof state === "string" ? state : undefined;
}

const withState = (body: JsonObject, provisioningState: string): JsonObject => ({
  ...body,
  properties: { ...objectAt(body, "properties"), provisioningState },
});

function runningState(type: string, isUpdate: boolean): string {
  const { namespace } = splitType(type);
  if (namespace === "Microsoft.Synapse") return "Provisioning";
  if (namespace === "Microsoft.KeyVault" && !isUpdate) return "RegisteringDns";
  return isUpdate ? "Updating" : "Creating";
}

function current(context: ArmContext, id: string): JsonObject {
  const stored = context.platform.resources.get(id);
  if (!stored) throw armErrors.resourceNotFound(relativeId(id), "");
  return stored.body;
}
