import type { JsonObject } from "../../../contract/json.js";
import type { Principal } from "../../platform/directory.js";
import { subscription } from "../../platform/subscription.js";

/** A kind of object that a tenant's directory has, and the properties that a filter on it may name. */
export interface EntitySet {
  /** `microsoft.graph.servicePrincipal` */
  readonly type: string;
  readonly properties: readonly string[];
}

/** The collections of Microsoft Graph that are served. The emulated tenant has neither users nor groups. */
export const entitySets = {
  servicePrincipals: {
    type: "microsoft.graph.servicePrincipal",
    properties: ["id", "appId", "displayName", "appDisplayName", "servicePrincipalNames", "servicePrincipalType"],
  },
  users: { type: "microsoft.graph.user", properties: ["id", "displayName", "mail", "userPrincipalName"] },
  groups: { type: "microsoft.graph.group", properties: ["id", "displayName", "mail", "mailNickname"] },
} as const satisfies Record<string, EntitySet>;

/** A principal as `GET /servicePrincipals/{id}` answers it (v1.0). */
export function servicePrincipal({ objectId, appId, displayName, kind, resourceId }: Principal): JsonObject {
  return {
    id: objectId,
    deletedDateTime: null,
    accountEnabled: true,
    alternativeNames: resourceId === "" ? [] : ["isExplicit=False", resourceId],
    appDisplayName: kind === "Application" ? displayName : null,
    appId,
    appOwnerOrganizationId: kind === "Application" ? subscription.tenantId : null,
    appRoleAssignmentRequired: false,
    displayName,
    servicePrincipalNames: [appId],
    servicePrincipalType: kind,
    signInAudience: kind === "Application" ? "AzureADMyOrg" : null,
    tags: [],
  };
}
