import type { Json } from "../../../../contract/json.js";
import { notEmulated } from "../../../platform/errors.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import type { Context } from "../context.js";
import { badArgument } from "../errors.js";
import { plainName, types } from "../names.js";

/** Microsoft.MachineLearningServices/workspaces/datastores: AzureBlob with the account's key or without credentials. */
export function datastoreResource(context: Context): ResourceType {
  return {
    type: types.datastore,
    putStyle: "synchronous",
    tracked: false,
    patchable: false,
    prepare: (request) => ({ properties: prepare(context, request) }),
    actions: { listsecrets: (resource) => listSecrets(context, resource) },
  };
}

function prepare({ accountKey }: Context, { name, body, existing, id }: PutRequest) {
  const given = objectAt(body, "properties");
  if (!plainName.test(name)) {
    throw badArgument(
      `The datastore name '${name}' is not valid: letters, digits, '_' and '-', a letter or digit first.`,
    );
  }
  const kind = textAt(given, "datastoreType");
  if (kind !== "AzureBlob") throw notEmulated(`a datastore of type '${kind ?? ""}'`);
  const accountName = textAt(given, "accountName");
  const containerName = textAt(given, "containerName");
  if (!accountName || !containerName) throw badArgument(`The datastore '${name}' needs accountName and containerName.`);
  const credentials = objectAt(given, "credentials");
  const credentialsType = textAt(credentials, "credentialsType") ?? "None";
  if (credentialsType !== "None" && credentialsType !== "AccountKey") {
    throw notEmulated(`a datastore with credentials of type '${credentialsType}'`);
  }
  const key = textAt(objectAt(credentials, "secrets"), "key");
  if (credentialsType === "AccountKey" && (key === undefined || key !== accountKey(accountName))) {
    throw badArgument(`The datastore '${name}' could not be validated: the key is not one of '${accountName}'.`);
  }
  const wasDefault = existing !== undefined && propertiesOf(existing)["isDefault"] === true;
  if (given["isDefault"] === true && !wasDefault) throw notEmulated(`another default datastore than the first (${id})`);
  return {
    datastoreType: "AzureBlob",
    accountName,
    containerName,
    endpoint: textAt(given, "endpoint") ?? "core.windows.net",
    protocol: textAt(given, "protocol") ?? "https",
    subscriptionId: given["subscriptionId"] ?? null,
    resourceGroup: given["resourceGroup"] ?? null,
    credentials: { credentialsType },
    serviceDataAccessAuthIdentity: textAt(given, "serviceDataAccessAuthIdentity") ?? "None",
    isDefault: wasDefault,
    description: given["description"] ?? null,
    tags: objectAt(given, "tags"),
    properties: objectAt(given, "properties"),
  };
}

function listSecrets({ accountKey }: Context, datastore: StoredResource): Json {
  const properties = propertiesOf(datastore);
  if (textAt(objectAt(properties, "credentials"), "credentialsType") !== "AccountKey") {
    throw badArgument(`The datastore '${datastore.name}' has no credentials.`);
  }
  return { secretsType: "AccountKey", key: accountKey(textAt(properties, "accountName") ?? "") ?? null };
}
