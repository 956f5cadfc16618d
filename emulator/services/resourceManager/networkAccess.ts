import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";

/** The two switches that workspaces of Azure Monitor have; Enabled where absent, 400 for a word that is none. */
export function networkAccess(given: JsonObject, code: string): JsonObject {
  const members = ["publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"].map((member) => {
    const value = given[member] ?? "Enabled";
    if (value === "Enabled" || value === "Disabled" || value === "SecuredByPerimeter") return [member, value];
    const message = `'properties.${member}' must be 'Enabled', 'Disabled' or 'SecuredByPerimeter', not '${String(value)}'.`;
    throw new AzureError(400, code, message);
  });
  return Object.fromEntries(members);
}
