import * as pulumi from "@pulumi/pulumi";
import { experimentsUrl, machineLearningApiUrl, vaultUrl } from "../contract/hosts.js";
import type { PipelineDefinition } from "../contract/pipeline.js";
import type { BatchEndpoint } from "./batchEndpoint.js";
import type { Configuration } from "./config.js";
import type { Patience } from "./dataplane/effect.js";
import type { SynapsePipeline } from "./dataplane/synapsePipeline.js";
import type { KeyVault, ScoringSecrets } from "./keyVault.js";
import type { MachineLearning } from "./machineLearning.js";
import type { ResourceNames } from "./names.js";
import { scoringPipeline } from "./pipeline/scoringPipeline.js";
import { inputPlace } from "./storage.js";
import type { Synapse } from "./synapse.js";

/** What the pipeline is made of and where it goes. */
export interface PublishedPipelineArgs {
  readonly configuration: Configuration;
  readonly names: ResourceNames;
  readonly tenantId: string;
  readonly scoringVault: KeyVault;
  /** Absent when the workspace itself is the invoker. */
  readonly secrets: ScoringSecrets | undefined;
  readonly machineLearning: MachineLearning;
  readonly batch: BatchEndpoint;
  readonly synapse: Synapse;
  /** The deployer's object id. */
  readonly actingAs: string;
  readonly patience: Patience;
}

/** The pipeline with this deployment's addresses and ids in it, published to the Synapse workspace. */
export function publishedPipeline(args: PublishedPipelineArgs): {
  readonly pipeline: SynapsePipeline;
  readonly definition: pulumi.Output<PipelineDefinition>;
} {
  const { configuration, names, machineLearning } = args;
  const isPinned = configuration.secretVersion === "pinned";
  const definition = pulumi
    .all([
      args.scoringVault.vault.name,
      machineLearning.location,
      machineLearning.workspace.id,
      args.batch.scoringUri,
      machineLearning.dataAsset.id,
      machineLearning.dataAssetVersion,
      machineLearning.defaultDatastoreId,
      isPinned ? args.secrets?.versions : undefined,
    ])
    .apply(([vault, region, workspaceId, scoringUri, dataAssetId, datasetVersion, scoresDatastoreId, secretVersions]) =>
      scoringPipeline(
        {
          tenantId: args.tenantId,
          vaultUrl: vaultUrl(vault),
          clientIdSecret: names.clientIdSecret,
          clientSecretSecret: names.clientSecretSecret,
          ...(secretVersions === undefined ? {} : { secretVersions }),
          experimentsUrl: experimentsUrl(region),
          machineLearningApiUrl: machineLearningApiUrl(region),
          machineLearningWorkspaceId: workspaceId,
          scoringUri,
          dataAssetId,
          datasetName: inputPlace.container,
          datasetVersion,
          scoresDatastoreId,
          datastore: names.inputDatastore,
          relativePath: `/${inputPlace.path}`,
        },
        configuration,
      ),
    );
  return { definition, pipeline: args.synapse.publish(names.pipeline, definition, args.actingAs, args.patience) };
}
