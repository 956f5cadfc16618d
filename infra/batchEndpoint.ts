import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as pulumi from "@pulumi/pulumi";
import { BatchEndpointDefault } from "./dataplane/batchEndpointDefault.js";
import type { Scope } from "./scope.js";
import type { ScoringAssets } from "./scoringAssets.js";

/** The endpoint's names and what its deployment runs. */
export interface BatchEndpointArgs extends Scope {
  readonly workspace: ml.Workspace;
  readonly cluster: ml.Compute;
  readonly assets: ScoringAssets;
  readonly endpointName: string;
  readonly deploymentName: string;
  /** The deployer's object id. */
  readonly actingAs: string;
}

/** The batch endpoint, its deployment, and the deployment as the endpoint's default. */
export class BatchEndpoint extends pulumi.ComponentResource {
  readonly endpoint: ml.BatchEndpoint;
  readonly deployment: ml.BatchDeployment;
  readonly defaultDeployment: BatchEndpointDefault;
  /** `https://<endpoint>.<region>.inference.ml.azure.com/jobs` */
  readonly scoringUri: pulumi.Output<string>;

  constructor(name: string, args: BatchEndpointArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:BatchEndpoint", name, {}, options);
    const { resourceGroupName, location, workspace, assets } = args;
    const declared = { authMode: "AADToken", description: "Predicts the fares of taxi trips" } as const;
    this.endpoint = new ml.BatchEndpoint(
      "batch-endpoint",
      {
        endpointName: args.endpointName,
        resourceGroupName,
        workspaceName: workspace.name,
        location,
        properties: declared,
      },
      // the default is set after the deployment exists
      { parent: this, deletedWith: workspace, ignoreChanges: ["properties.defaults"] },
    );
    this.deployment = new ml.BatchDeployment(
      "batch-deployment",
      {
        deploymentName: args.deploymentName,
        endpointName: this.endpoint.name,
        resourceGroupName,
        workspaceName: workspace.name,
        location,
        properties: {
          description: "Boosted trees",
          model: { referenceType: "Id", assetId: assets.model.id },
          codeConfiguration: { codeId: assets.code.id, scoringScript: "score.py" },
          environmentId: assets.environment.id,
          compute: args.cluster.id,
          resources: { instanceCount: 1 },
          errorThreshold: 0,
          miniBatchSize: 1,
          maxConcurrencyPerInstance: 1,
          retrySettings: { maxRetries: 1, timeout: "PT30M" },
          outputAction: "AppendRow",
          outputFileName: "predictions.csv",
          loggingLevel: "Info",
        },
      },
      { parent: this, deletedWith: workspace },
    );
    this.defaultDeployment = new BatchEndpointDefault(
      "batch-endpoint-default",
      { endpointId: this.endpoint.id, deploymentName: this.deployment.name, declared, actingAs: args.actingAs },
      { parent: this, dependsOn: this.deployment, deletedWith: this.endpoint },
    );
    this.scoringUri = this.endpoint.properties.scoringUri;
    this.registerOutputs({ endpointId: this.endpoint.id, scoringUri: this.scoringUri });
  }
}
