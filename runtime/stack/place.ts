import { regionName, synapseUrl } from "../../contract/hosts.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import type { CureContext } from "../synapse/cures.js";

/** The Synapse workspace that a command works on, and the outputs of the stack where this program has made it. */
export interface Place extends CureContext {
  readonly synapseWorkspace: string;
  readonly synapseEndpoint: string;
  readonly stack: StackOutputs | undefined;
  /** Of the workspace's resource; undefined where the identity may not read it in Resource Manager. */
  readonly resource: WorkspaceResource | undefined;
}

/** A workspace as Resource Manager lists it (Microsoft.Synapse/workspaces). */
export interface WorkspaceResource {
  readonly name: string;
  readonly id: string;
  readonly location: string;
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: string;
}

/** The place of a deployed stack. */
export function placeOfStack(stack: StackOutputs): Place {
  return { ...stack, stack, resource: undefined };
}

/** The place of a workspace that is known by its name, or by its resource too. */
export function placeOfWorkspace(name: string, resource: WorkspaceResource | undefined): Place {
  const query = resource === undefined ? "" : `?workspace=${encodeURIComponent(resource.id)}`;
  return {
    synapseWorkspace: resource?.name ?? name,
    synapseEndpoint: resource?.endpoint ?? synapseUrl(name.toLowerCase()),
    synapseStudioUrl: `https://web.azuresynapse.net/monitoring/pipelineruns${query}`,
    machineLearningStudioUrl: "https://ml.azure.com/",
    keyVault: undefined,
    stack: undefined,
    resource: resource && { ...resource, location: regionName(resource.location) },
  };
}
