import { isJsonObject } from "../../../contract/json.js";
import { AzureError, notEmulated } from "../../platform/errors.js";
import { objectAt } from "../../platform/json.js";
import type { ResourceType } from "../../platform/resourceType.js";
import { accountType } from "./storageAccount.js";

/** What a blob service can keep of deleted or changed blobs; the emulator keeps nothing. */
const retention = ["deleteRetentionPolicy", "containerDeleteRetentionPolicy", "changeFeed", "restorePolicy"];

/** `Microsoft.Storage/storageAccounts/blobServices`: there is one, `default`, made with the account. */
export const blobServices: ResourceType = {
  type: `${accountType}/blobServices`,
  putStyle: "synchronous",
  tracked: false,
  deletable: false,
  prepare({ name, body, parent }) {
    if (name !== "default") {
      throw new AzureError(400, "InvalidResourceName", "The name of a blob service must be 'default'.");
    }
    const properties = objectAt(body, "properties");
    for (const policy of retention) {
      const value = properties[policy];
      if (isJsonObject(value) && value["enabled"] === true) throw notEmulated(`the ${policy} of blob services`);
    }
    if (properties["isVersioningEnabled"] === true) throw notEmulated("blob versioning");
    return {
      ...(parent?.body["sku"] !== undefined && { sku: parent.body["sku"] }),
      properties: { cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false }, ...properties },
    };
  },
};
