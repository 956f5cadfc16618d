import type { ArmRule } from "../armRule.js";
import { inside, values } from "../shape.js";
import { provider } from "./paths.js";

const workspace = `${provider("Microsoft.Synapse")}/workspaces/{workspaceName}`;
const apiVersion = "2021-06-01";

/** Synapse workspaces and their address rules. */
export const synapseRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:synapse:Workspace": {
    apiVersion,
    path: workspace,
    envelope: { ...values("location"), tags: "map", identity: inside(values("type")) },
    properties: {
      ...values(
        "azureADOnlyAuthentication",
        "managedResourceGroupName",
        "managedVirtualNetwork",
        "publicNetworkAccess",
        "sqlAdministratorLogin",
        "sqlAdministratorLoginPassword",
        "trustedServiceBypassEnabled",
      ),
      cspWorkspaceAdminProperties: inside(values("initialWorkspaceAdminObjectId")),
      defaultDataLakeStorage: inside(values("accountUrl", "createManagedPrivateEndpoint", "filesystem", "resourceId")),
      managedVirtualNetworkSettings: inside(
        values("allowedAadTenantIdsForLinking", "linkedAccessCheckOnTargetResource", "preventDataExfiltration"),
      ),
    },
  },
  "azure-native:synapse:IpFirewallRule": {
    apiVersion,
    path: `${workspace}/firewallRules/{ruleName}`,
    envelope: {},
    properties: values("startIpAddress", "endIpAddress"),
    replaceable: true,
  },
};
