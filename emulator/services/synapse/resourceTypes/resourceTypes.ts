import { isDeepStrictEqual } from "node:util";
import { isJsonObject } from "../../../../contract/json.js";
import { AzureError, notEmulated } from "../../../platform/errors.js";
import type { Platform } from "../../../platform/platform.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { ResourceType } from "../../../platform/resourceType.js";
import { addressRange, type Firewall } from "../firewall.js";
import { administratorRoleId } from "../roles/builtInRoles.js";
import type { RoleAssignments } from "../roles/roleAssignments.js";
import { firewallRuleType, workspaceType } from "../workspaces.js";
import { workspaceBody } from "./workspaceResource.js";

const integrationRuntimeType = `${workspaceType}/integrationRuntimes`;

/** The ARM types of Microsoft.Synapse (2021-06-01) that are served. `removeData` drops all that a workspace holds. */
export function synapseResourceTypes(
  platform: Platform,
  { firewall, assignments }: { readonly firewall: Firewall; readonly assignments: RoleAssignments },
  removeData: (workspace: StoredResource) => Promise<void>,
): readonly ResourceType[] {
  return [
    {
      type: workspaceType,
      putStyle: "asyncOperation",
      tracked: true,
      prepare: (request) => workspaceBody(platform, request),
      async apply(resource, request) {
        if (request.existing) return;
        platform.store.transaction(() => {
          const key = resource.id.toLowerCase();
          // a process that was killed right after this does it again
          const present = assignments.of(key).map((assignment) => assignment.principalId);
          for (const principalId of administratorsOf(resource)) {
            if (present.includes(principalId)) continue;
            assignments.add(key, {
              id: platform.ids.uuid(),
              roleDefinitionId: administratorRoleId,
              principalId,
              scope: `workspaces/${resource.name}`,
              principalType: "ServicePrincipal",
            });
          }
          platform.resources.put(autoResolveRuntime(resource));
        });
      },
      remove: removeData,
    },
    {
      type: firewallRuleType,
      putStyle: "asyncOperationAndLocation",
      tracked: false,
      prepare({ name, body }) {
        if (!/^[^<>*%&:\\/?]{0,127}[^<>*%&:\\/?.]$/.test(name)) {
          const rule = "1 to 128 characters without <>*%&:\\/?, not ending with a period";
          const message = `The firewall rule name '${name}' is not valid: ${rule}.`;
          throw new AzureError(400, "InvalidFirewallRuleName", message);
        }
        const range = addressRange(body["properties"]);
        if (!range) {
          throw new AzureError(
            400,
            "InvalidFirewallRule",
            `The firewall rule '${name}' needs 'startIpAddress' and 'endIpAddress': IPv4 addresses, in order.`,
          );
        }
        return {
          properties: { provisioningState: "Succeeded", startIpAddress: range.start, endIpAddress: range.end },
        };
      },
      async apply({ id, body }, { existing }) {
        if (!isDeepStrictEqual(existing?.body["properties"], body["properties"])) firewall.accepted(id);
      },
    },
    {
      type: integrationRuntimeType,
      putStyle: "asyncOperationAndLocation",
      tracked: false,
      patchable: false,
      deletable: false,
      prepare({ name }) {
        throw notEmulated(`the integration runtime '${name}': every workspace has AutoResolveIntegrationRuntime alone`);
      },
    },
  ];
}

/** The workspace's creator and its own identity. */
function administratorsOf({ body }: StoredResource): string[] {
  const properties = body["properties"];
  const admin = isJsonObject(properties) ? properties["cspWorkspaceAdminProperties"] : undefined;
  const creator = isJsonObject(admin) ? admin["initialWorkspaceAdminObjectId"] : undefined;
  const own = isJsonObject(body["identity"]) ? body["identity"]["principalId"] : undefined;
  return [creator, own].filter((id) => typeof id === "string");
}

function autoResolveRuntime(workspace: StoredResource): StoredResource {
  const name = "AutoResolveIntegrationRuntime";
  return {
    id: `${workspace.id}/integrationRuntimes/${name}`,
    type: integrationRuntimeType,
    name,
    body: {
      properties: {
        type: "Managed",
        state: "Online",
        typeProperties: { computeProperties: { location: "AutoResolve" } },
      },
    },
    createdWith: workspace.createdWith,
  };
}
