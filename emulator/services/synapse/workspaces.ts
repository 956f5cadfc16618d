import { hostSuffixes } from "../../../contract/hosts.js";
import type { Resources, StoredResource } from "../../platform/resources.js";

/** The ARM types of a workspace and of its firewall rules. */
export const workspaceType = "Microsoft.Synapse/workspaces";
export const firewallRuleType = "Microsoft.Synapse/workspaces/firewallRules";

/** A Synapse workspace as its data plane sees it. */
export interface Workspace {
  /** The ARM id as it was first written. */
  readonly id: string;
  /** The id in lower case: what the tables of the data plane go by. */
  readonly key: string;
  readonly name: string;
  /** As it was given: `Central US` or `centralus`. */
  readonly location: string;
  readonly resource: StoredResource;
}

/** The workspace with this ARM resource. */
export function toWorkspace(resource: StoredResource): Workspace {
  return {
    id: resource.id,
    key: resource.id.toLowerCase(),
    name: resource.name,
    location: String(resource.body["location"] ?? ""),
    resource,
  };
}

/** The workspace's name in `<name>.dev.azuresynapse.net`; undefined for any other host. */
export function workspaceNameOf(host: string): string | undefined {
  const name = host.toLowerCase();
  if (!name.endsWith(hostSuffixes.synapse)) return undefined;
  const label = name.slice(0, -hostSuffixes.synapse.length);
  return label === "" || label.includes(".") ? undefined : label;
}

/** The workspace that answers under this host name, if there is one. */
export function workspaceAt(resources: Resources, host: string): Workspace | undefined {
  const name = workspaceNameOf(host);
  const resource = name === undefined ? undefined : resources.named(workspaceType, name);
  return resource && toWorkspace(resource);
}
