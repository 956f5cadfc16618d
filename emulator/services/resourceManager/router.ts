import { isGuid } from "../../platform/guid.js";
import { subscription } from "../../platform/subscription.js";
import { act } from "./action.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { answerDeleted } from "./deletedRoutes.js";
import { handleDiagnosticSettings } from "./diagnosticSettings.js";
import { armErrors } from "./errors.js";
import { groupId, groupNamed, subscriptionId } from "./locate.js";
import { parseTarget } from "./path.js";
import { handlePermissions } from "./permissions.js";
import { answerPoll } from "./polling.js";
import { writeResource } from "./put.js";
import { listEverything, listResources, readResource } from "./read.js";
import { answerRegionalList } from "./regionalLists.js";
import { deleteResource } from "./remove.js";
import { handleGroup, listGroups } from "./resourceGroups.js";
import { handleRoleAssignments } from "./roleAssignments.js";
import { handleRoleDefinitions } from "./roleDefinitions.js";
import { listLocations, listSubscriptions, listTenants, subscriptionBody } from "./tenant.js";

/** Extension resources: they stand at any scope. */
const extensions: Readonly<Record<string, typeof handleRoleAssignments>> = {
  "microsoft.authorization/permissions": handlePermissions,
  "microsoft.authorization/roleassignments": handleRoleAssignments,
  "microsoft.authorization/roledefinitions": handleRoleDefinitions,
  "microsoft.insights/diagnosticsettings": handleDiagnosticSettings,
};

/** Answers any request to Resource Manager but `/metadata/endpoints`; refusals are thrown as `AzureError`. */
export async function route(context: ArmContext, request: ArmRequest): Promise<ArmAnswer> {
  const [first, id, ...rest] = request.segments;
  const head = first?.toLowerCase();
  if (request.segments.length === 1 && request.method === "GET") {
    if (head === "subscriptions") return listSubscriptions(context, request);
    if (head === "tenants") return listTenants();
  }
  if (head === "subscriptions" && id !== undefined) {
    checkSubscription(id);
    const poll = answerPoll(context, request);
    if (poll) return poll;
    const known = rest[0]?.toLowerCase() !== "providers" && rest.length <= 3 && ofSubscription(context, request, rest);
    if (known) return known;
    if (rest[0]?.toLowerCase() === "providers" && rest.length <= 3) {
      const answer = ofProviders(context, request, rest);
      if (answer) return answer;
    }
  } else if (head !== "providers") {
    throw armErrors.notSupported(`${request.method} /${request.segments.join("/")}`);
  }
  return ofResource(context, request);
}

function checkSubscription(id: string): void {
  if (!isGuid(id)) throw armErrors.invalidSubscriptionId(id);
  if (id.toLowerCase() !== subscription.subscriptionId) throw armErrors.subscriptionNotFound(id);
}

/** The subscription, its groups and its list of resources. */
function ofSubscription(context: ArmContext, request: ArmRequest, rest: readonly string[]): ArmAnswer | undefined {
  const [collection, name, inside] = rest.map((segment, index) => (index === 1 ? segment : segment.toLowerCase()));
  const isGet = request.method === "GET";
  if (collection === undefined && isGet) {
    authorize(context, request, "Microsoft.Resources/subscriptions/read", subscriptionId);
    return ok(subscriptionBody);
  }
  if (collection === "resources" && name === undefined && isGet)
    return listEverything(context, request, subscriptionId);
  if (collection === "locations" && name === undefined && isGet) {
    authorize(context, request, "Microsoft.Resources/subscriptions/locations/read", subscriptionId);
    return listLocations();
  }
  if (collection !== "resourcegroups") return undefined;
  if (name === undefined) return isGet ? listGroups(context, request) : undefined;
  if (inside === undefined) return handleGroup(context, request, name);
  if (inside !== "resources" || !isGet) return undefined;
  authorize(context, request, "Microsoft.Resources/subscriptions/resourceGroups/read", groupId(name));
  return listEverything(context, request, groupNamed(context.platform.resources, name).id);
}

/** `/providers`, `/providers/{namespace}` and its `register`. */
function ofProviders(context: ArmContext, request: ArmRequest, rest: readonly string[]): ArmAnswer | undefined {
  const [, namespace, action] = rest;
  const { providers } = context;
  if (request.method === "GET" && action === undefined) {
    authorize(context, request, "Microsoft.Resources/subscriptions/providers/read", subscriptionId);
    return namespace === undefined
      ? listOf(providers.all().map((each) => providers.describe(each)))
      : ok(providers.describe(namespace));
  }
  if (request.method !== "POST" || namespace === undefined || action?.toLowerCase() !== "register") return undefined;
  authorize(context, request, `${providers.nameOf(namespace)}/register/action`, subscriptionId);
  const state = providers.isRegistered(namespace) ? "Registered" : "Registering";
  providers.register(namespace);
  return ok(providers.describe(namespace, state));
}

async function ofResource(context: ArmContext, request: ArmRequest): Promise<ArmAnswer> {
  const target = parseTarget(request.segments);
  if (!target) throw armErrors.notSupported(`${request.method} /${request.segments.join("/")}`);
  const extension = extensions[`${target.namespace}/${target.types.join("/")}`.toLowerCase()];
  if (extension) return extension(context, request, target);
  const ofProvider = answerRegionalList(context, request, target) ?? answerDeleted(context, request, target);
  if (ofProvider) return ofProvider;
  const isNamed = target.names.length === target.types.length;
  switch (request.method) {
    case "GET":
      return isNamed ? readResource(context, request, target) : listResources(context, request, target);
    case "HEAD":
      readResource(context, request, target);
      return { status: 204 };
    case "PUT":
    case "PATCH":
      if (isNamed) return writeResource(context, request, target);
      break;
    case "DELETE":
      if (isNamed) return deleteResource(context, request, target);
      break;
    case "POST":
      if (!isNamed) return act(context, request, target);
      break;
  }
  throw armErrors.methodNotAllowed(request.method, `/${request.segments.join("/")}`);
}
