import { isJsonObject } from "../../../contract/json.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { groupNamed, groupOf, locate, relativeId } from "./locate.js";
import { checkName } from "./nameAvailability.js";
import type { ResourceTarget } from "./path.js";

/** POST `…/{name}/{action}` of a resource, or `checkNameAvailability` of a provider. */
export async function act(context: ArmContext, request: ArmRequest, target: ResourceTarget): Promise<ArmAnswer> {
  const action = target.types.at(-1) ?? "";
  const namespace = context.providers.nameOf(target.namespace);
  if (target.types.length === 1 && groupOf(target.scope) === undefined) {
    if (action.toLowerCase() === "checknameavailability") return checkName(context, request, namespace);
    throw armErrors.notSupported(`the action '${action}' of '${namespace}'`);
  }
  const located = locate(context, { ...target, types: target.types.slice(0, -1) }, request.apiVersion);
  const { type, id, groupName } = located;
  authorize(context, request, `${type.type}/${action}/action`, id);
  groupNamed(context.platform.resources, groupName);
  const resource = context.platform.resources.get(id);
  if (!resource) throw armErrors.resourceNotFound(relativeId(id), groupName);
  const handle = type.actions?.[action.toLowerCase()];
  if (!handle) throw armErrors.notSupported(`the action '${action}' of '${type.type}'`);
  const { body = {}, apiVersion, caller } = request;
  if (!isJsonObject(body)) throw armErrors.invalidContent("A JSON object is required.");
  return ok(await handle(resource, { body, apiVersion, caller }));
}
