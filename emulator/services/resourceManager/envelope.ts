import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import { subscription } from "../../platform/subscription.js";
import type { ArmContext } from "./armRequest.js";
import { splitType } from "./catalog.js";
import { armErrors } from "./errors.js";
import { knownMembers } from "./knownMembers.js";
import { isRegion, regions } from "./locations.js";
import { checkedMembers } from "./members.js";

/** The members that ARM knows beside `properties`; any other is refused, wherever it came from. */
const members = new Set([
  ...["id", "name", "type", "apiVersion", "location", "tags", "kind", "sku", "identity", "plan", "zones"],
  ...["managedBy", "managedByExtended", "extendedLocation", "etag", "systemData", "scale", "properties"],
]);
const optional = [
  "kind",
  "sku",
  "identity",
  "plan",
  "zones",
  "managedBy",
  "managedByExtended",
  "extendedLocation",
  "scale",
];
const maxTags = 50;

/** Providers that must be registered besides a type's own. */
const alsoNeeded: Readonly<Record<string, { readonly namespace: string; readonly refusal: () => AzureError }>> = {
  "microsoft.synapse/workspaces": {
    namespace: "Microsoft.Sql",
    refusal: () =>
      new AzureError(
        400,
        "CustomerSubscriptionNotRegisteredWithSqlRp",
        `The subscription ${subscription.subscriptionId} is not registered with the Microsoft.Sql resource provider, which a Synapse workspace needs.`,
      ),
  },
};

/** Refuses a write to a type whose provider the subscription is not registered with. */
export function checkRegistration({ providers }: ArmContext, type: ResourceType): void {
  const { namespace } = splitType(type.type);
  if (!providers.isRegistered(namespace)) throw armErrors.notRegistered(namespace);
  const other = alsoNeeded[type.type.toLowerCase()];
  if (other && !providers.isRegistered(other.namespace)) throw other.refusal();
}

/** What ARM checks of a resource's envelope before the provider sees it. */
export function checkEnvelope(
  type: ResourceType,
  name: string,
  group: string,
  body: JsonObject,
  existing: StoredResource | undefined,
): void {
  const unknown = Object.keys(body).find((key) => !members.has(key));
  if (unknown !== undefined) {
    throw armErrors.invalidContent(
      `Could not find member '${unknown}' on object of type 'ResourceDefinition'. Path '${unknown}', line 1, position ${unknown.length + 4}.`,
    );
  }
  checkTags(body);
  if (!type.tracked) return;
  const location = body["location"];
  if (typeof location !== "string" || location === "") throw armErrors.locationRequired();
  if (!isRegion(location)) throw armErrors.locationNotAvailable(location, type.type, [...regions.keys()]);
  const present = existing?.body["location"];
  if (typeof present === "string" && present !== location) {
    throw armErrors.locationChanged(name, present, group, location);
  }
}

/** The body as the provider gets it: without what it fills in itself, and with no member that nothing would act on. */
export function checkMembers(type: ResourceType, body: JsonObject): JsonObject {
  const known = knownMembers[type.type.toLowerCase()];
  if (!known) return body;
  const unused = optional.filter((member) => !known.envelope?.split(" ").includes(member));
  const refused = unused.find((member) => (body[member] ?? null) !== null);
  if (refused !== undefined) throw armErrors.notSupported(`'${refused}' of '${type.type}'`);
  const { properties } = body;
  if (properties === undefined || properties === null) return body;
  if (!isJsonObject(properties)) throw armErrors.invalidContent("The value of 'properties' must be an object.");
  return { ...body, properties: checkedMembers(properties, known.properties, type.type) };
}

/** Tags are at most 50 texts. */
export function checkTags(body: JsonObject): void {
  const tags = body["tags"];
  if (tags === undefined || tags === null) return;
  if (typeof tags !== "object" || Array.isArray(tags) || Object.values(tags).some((tag) => typeof tag !== "string")) {
    throw armErrors.invalidContent("The value of 'tags' must be an object whose members are strings.");
  }
  const count = Object.keys(tags).length;
  if (count > maxTags) {
    const message = `The resource has ${count} tags, which is more than the limit of ${maxTags}.`;
    throw new AzureError(400, "InvalidTags", message);
  }
}

/** What a GET will answer: the provider's body with the location and tags of the request and who wrote it when. */
export function stamped(type: ResourceType, put: PutRequest, prepared: JsonObject, now: Date): JsonObject {
  const { tags, location } = put.body;
  const by = { by: put.caller.appId, byType: put.caller.kind, at: now.toISOString() };
  const created = put.existing?.body["systemData"] as JsonObject | undefined;
  return {
    ...(type.tracked && { location: location ?? null, tags: tags ?? {} }),
    ...prepared,
    systemData: {
      createdBy: created?.["createdBy"] ?? by.by,
      createdByType: created?.["createdByType"] ?? by.byType,
      createdAt: created?.["createdAt"] ?? by.at,
      lastModifiedBy: by.by,
      lastModifiedByType: by.byType,
      lastModifiedAt: by.at,
    },
  };
}
