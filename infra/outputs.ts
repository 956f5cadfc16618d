import type * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { blobUrl, regionName } from "../contract/hosts.js";
import type { PipelineDefinition } from "../contract/pipeline.js";
import type { StackOutputs } from "../contract/stackOutputs.js";
import type { BatchEndpoint } from "./batchEndpoint.js";
import type { SynapsePipeline } from "./dataplane/synapsePipeline.js";
import type { KeyVault } from "./keyVault.js";
import type { MachineLearning } from "./machineLearning.js";
import type { Storage } from "./storage.js";
import type { Synapse } from "./synapse.js";

/** What the outputs are read from. */
export interface OutputsArgs {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly group: resources.ResourceGroup;
  readonly synapse: Synapse;
  readonly pipeline: SynapsePipeline;
  readonly definition: pulumi.Output<PipelineDefinition>;
  readonly machineLearning: MachineLearning;
  readonly batch: BatchEndpoint;
  readonly scoringVault: KeyVault;
  readonly storage: Storage;
  /** The service that retrains; empty for none. */
  readonly besEndpoint: string;
}

/** Each of the stack's outputs; one that the schema allows to be missing may be. */
type Outputs = { readonly [Name in keyof StackOutputs]: pulumi.Input<unknown> };

/** The stack's outputs: what the commands need and what a person looks at; no secret. */
export function outputsOf(args: OutputsArgs): Outputs {
  const { tenantId, machineLearning, synapse, storage, group } = args;
  const urlOf = (account: pulumi.Output<string>) => account.apply(blobUrl);
  return {
    tenantId,
    subscriptionId: args.subscriptionId,
    resourceGroup: group.name,
    location: regionName(args.location),
    synapseWorkspace: synapse.workspace.name,
    synapseEndpoint: synapse.endpoint,
    pipelineName: args.pipeline.pipelineName,
    pipelineParameters: args.definition.apply((definition) => definition.parameters ?? {}),
    machineLearningWorkspace: machineLearning.workspace.name,
    batchEndpoint: args.batch.endpoint.name,
    scoringUri: args.batch.scoringUri,
    keyVault: args.scoringVault.vault.name,
    scoresUrl: pulumi.interpolate`${urlOf(machineLearning.account.name)}/${machineLearning.defaultContainer}`,
    inputUrl: pulumi.interpolate`${urlOf(storage.account.name)}/${storage.inputContainer.name}`,
    // one without a value would be warned of
    ...(args.besEndpoint === "" ? {} : { besEndpoint: args.besEndpoint }),
    synapseStudioUrl: synapse.workspace.id.apply(
      (id) => `https://web.azuresynapse.net/monitoring/pipelineruns?workspace=${encodeURIComponent(id)}`,
    ),
    machineLearningStudioUrl: pulumi.interpolate`https://ml.azure.com/endpoints/batch?wsid=${machineLearning.workspace.id}&tid=${tenantId}`,
    portalUrl: pulumi.interpolate`https://portal.azure.com/#@${tenantId}/resource${group.id}/overview`,
    next: ["npm run trigger", "npm run outputs"],
  };
}
