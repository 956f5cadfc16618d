import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import { propertiesOf } from "../../platform/json.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { diagnosticCategories } from "./diagnosticCategories.js";
import { armErrors } from "./errors.js";
import { existingScope, relativeId } from "./locate.js";
import { checkedMembers, type Members } from "./members.js";
import { parseTarget, type ResourceTarget } from "./path.js";

const type = "Microsoft.Insights/diagnosticSettings";
const destinations = ["workspaceId"];
const members: Members = {
  taken: "workspaceId logs metrics logAnalyticsDestinationType",
  refused: "storageAccountId eventHubAuthorizationRuleId eventHubName marketplacePartnerId serviceBusRuleId",
};

/** `{resource}/providers/Microsoft.Insights/diagnosticSettings[/{name}]` (2021-05-01-preview), an extension of a resource. */
export function handleDiagnosticSettings(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer {
  const { resources } = context.platform;
  const scope = existingScope(context, target.scope);
  const [name] = target.names;
  const prefix = `${scope}/providers/${type}`;
  if (name === undefined) {
    if (request.method !== "GET") throw armErrors.methodNotAllowed(request.method, "a list of diagnostic settings");
    authorize(context, request, `${type}/read`, scope);
    return listOf(settingsOf(context, prefix).map(({ body }) => body));
  }
  const id = `${prefix}/${name}`;
  const existing = resources.get(id);
  switch (request.method) {
    case "GET":
    case "HEAD":
      authorize(context, request, `${type}/read`, id);
      if (existing) return ok(existing.body);
      throw armErrors.resourceNotFound(relativeId(id), scope.split("/")[4] ?? "");
    case "PUT": {
      authorize(context, request, `${type}/write`, id);
      if (!context.providers.isRegistered("Microsoft.Insights")) throw armErrors.notRegistered("Microsoft.Insights");
      const properties = checked(context, request.body, target.scope, prefix, id);
      resources.put({ id: existing?.id ?? id, type, name, body: { properties }, createdWith: request.apiVersion });
      return ok(resources.get(id)?.body ?? {});
    }
    case "DELETE":
      authorize(context, request, `${type}/delete`, id);
      resources.remove(id);
      return { status: existing ? 200 : 204 };
    default:
      throw armErrors.methodNotAllowed(request.method, "a diagnostic setting");
  }
}

function settingsOf(context: ArmContext, prefix: string) {
  const start = `${prefix}/`.toLowerCase();
  return context.platform.resources.ofType(type).filter(({ id }) => id.toLowerCase().startsWith(start));
}

function checked(context: ArmContext, body: unknown, scope: readonly string[], prefix: string, id: string): JsonObject {
  const given = isJsonObject(body) ? body["properties"] : undefined;
  if (!isJsonObject(given)) throw armErrors.invalidContent("The member 'properties' is required.");
  const properties = checkedMembers(given, members, type);
  const on = parseTarget(scope);
  const resourceType = on ? [on.namespace, ...on.types].join("/") : "Microsoft.Resources/subscriptions";
  const known = diagnosticCategories[resourceType.toLowerCase()];
  if (!known) {
    const message = `The resource type '${resourceType.toLowerCase()}' does not support diagnostic settings.`;
    throw new AzureError(400, "ResourceTypeNotSupported", message);
  }
  const sinks = destinations.flatMap((key) => (typeof properties[key] === "string" ? [String(properties[key])] : []));
  if (sinks.length === 0) throw badRequest("At least one data sink needs to be specified.");
  const workspace = properties["workspaceId"];
  if (typeof workspace === "string" && !context.platform.resources.get(workspace)) {
    throw armErrors.resourceNotFound(relativeId(workspace), workspace.split("/")[4] ?? "");
  }
  const logs = entries(properties["logs"]);
  const metrics = entries(properties["metrics"]);
  for (const { category } of logs) checkCategory(category, known.logs);
  for (const { category } of metrics) checkCategory(category, known.metrics);
  const enabled = [...logs, ...metrics].filter((entry) => entry["enabled"] === true);
  if (enabled.length === 0) throw badRequest("At least one data category needs to be enabled.");
  refuseSharedSink(context, prefix, id, sinks, enabled);
  return { ...properties, logs, metrics };
}

/** Azure sends no category of a resource to the same place twice. */
function refuseSharedSink(
  context: ArmContext,
  prefix: string,
  id: string,
  sinks: readonly string[],
  enabled: readonly JsonObject[],
): void {
  for (const other of settingsOf(context, prefix)) {
    if (other.id.toLowerCase() === id.toLowerCase()) continue;
    const properties = propertiesOf(other);
    const sink = sinks.find((each) => destinations.some((key) => sameText(properties[key], each)));
    const theirs = [...entries(properties["logs"]), ...entries(properties["metrics"])];
    const shared = enabled.find((entry) =>
      theirs.some((their) => their["enabled"] === true && sameText(their["category"], entry["category"])),
    );
    if (sink === undefined || !shared) continue;
    const message = `Data sink '${sink}' is already used in diagnostic setting '${other.name}' for category '${String(shared["category"])}'. Data sinks can't be reused in different settings on the same category for the same resource.`;
    throw new AzureError(409, "Conflict", message);
  }
}

function checkCategory(category: Json | undefined, known: readonly string[]): void {
  if (category === undefined || category === null || known.includes(String(category))) return;
  throw badRequest(`Category '${String(category)}' is not supported.`);
}

const entries = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
const sameText = (one: Json | undefined, other: Json | undefined) =>
  typeof one === "string" && typeof other === "string" && one.toLowerCase() === other.toLowerCase();
const badRequest = (message: string) => new AzureError(400, "BadRequest", message);
