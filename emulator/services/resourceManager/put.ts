import type { Json, JsonObject } from "../../../contract/json.js";
import type { DeletedResource } from "../../platform/deletedResources.js";
import { propertiesOf } from "../../platform/json.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import type { ArmAnswer, ArmContext, ArmRequest } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { splitType } from "./catalog.js";
import { checkEnvelope, checkMembers, checkRegistration, stamped } from "./envelope.js";
import { armErrors } from "./errors.js";
import { groupNamed, locate, parentOf, relativeId } from "./locate.js";
import type { ResourceTarget } from "./path.js";
import { pollingHeaders } from "./polling.js";
import { bodyOf } from "./putBody.js";
import { finish, type PendingPut, stateOf, styleOf, withState } from "./putEffect.js";
import { recovery, restore } from "./softDelete.js";

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
  const sent = bodyOf(request, located, existing);
  checkEnvelope(type, name, groupName, sent, existing);

  const asked: PutRequest = {
    id,
    name,
    resourceGroup: group.name,
    parent,
    existing,
    body: sent,
    apiVersion: request.apiVersion,
    caller: request.caller,
  };
  const recovered = recovery(context, type, asked);
  const wanted = recovered?.put ?? asked;
  if (recovered) checkEnvelope(type, name, groupName, wanted.body, wanted.existing);
  const put = { ...wanted, body: checkMembers(type, wanted.body) };
  const prepared = await type.prepare(put);
  const final = stamped(type, put, prepared, context.platform.clock.now());
  const complete = type.putStyle === "synchronous" ? final : withState(final, stateOf(final) ?? "Succeeded");
  const busy = context.operations.busyWith(id) !== undefined;
  const ending = located.ancestors.find((above) => context.operations.busyWith(above) === "delete");
  if (busy || ending !== undefined) throw armErrors.operationInProgress(ending ?? id);
  return store(context, request, type, put, complete, recovered?.kept);
}

async function store(
  context: ArmContext,
  request: ArmRequest,
  type: ResourceType,
  put: PutRequest,
  final: JsonObject,
  kept: DeletedResource | undefined,
): Promise<ArmAnswer> {
  const { platform, operations } = context;
  const { id, name, existing } = put;
  const resource: StoredResource = { id, type: type.type, name, body: final, createdWith: request.apiVersion };
  const style = styleOf(type, existing !== undefined);
  const status = existing ? 200 : 201;
  if (!type.apply && (style === "synchronous" || style === "provisioningState")) {
    platform.store.transaction(() => {
      if (kept) restore(context, kept);
      platform.resources.put(resource);
    });
    return { status, body: current(context, id) };
  }
  const pending: PendingPut = {
    request: { resourceGroup: put.resourceGroup, body: put.body },
    final,
    previous: existing?.body ?? null,
  };
  const operation = platform.store.transaction(() => {
    const running = style === "synchronous" ? final : withState(final, runningState(type.type, existing !== undefined));
    if (kept) restore(context, kept);
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
