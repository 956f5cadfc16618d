import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as pulumi from "@pulumi/pulumi";
import { BatchEndpointDefault } from "./dataplane/batchEndpointDefault.js";
import type { Existing } from "./existing.js";
import type { MachineLearning } from "./machineLearning.js";
import type { ScoringAssets } from "./scoringAssets.js";

/** The endpoint, what its deployment runs, and which deployment answers. */
export interface BatchEndpointArgs {
  readonly machineLearning: MachineLearning;
  readonly assets: ScoringAssets;
  readonly endpoint: Existing | { readonly name: string };
  readonly deploymentName: string;
  /** `program` for the deployment that is made here, or the name of another one in the same endpoint. */
  readonly defaultDeployment: string;
  /** The deployer's object id. */
  readonly actingAs: string;
}

const declared = { authMode: "AADToken", description: "Predicts the fares of taxi trips" } as const;

/** The batch endpoint, its deployment, and the deployment as the endpoint's default. */
export class BatchEndpoint extends pulumi.ComponentResource {
  readonly endpoint: ml.BatchEndpoint;
  readonly deployment: ml.BatchDeployment;
  readonly defaultDeployment: BatchEndpointDefault;
  /** `https://<endpoint>.<region>.inference.ml.azure.com/jobs` */
  readonly scoringUri: pulumi.Output<string>;

  constructor(name: string, args: BatchEndpointArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:BatchEndpoint", name, {}, options);
    const { machineLearning, assets, endpoint } = args;
    const { location, resourceGroupName } = machineLearning;
    const inWorkspace = { resourceGroupName, workspaceName: machineLearning.workspace.name };
    const isThere = "id" in endpoint;
    this.endpoint = isThere
      ? ml.BatchEndpoint.get("existing-batch-endpoint", endpoint.id, { parent: this })
      : new ml.BatchEndpoint(
          "batch-endpoint",
          { ...inWorkspace, endpointName: endpoint.name, location, properties: declared },
          // the default is set after the deployment exists
          { parent: this, ...machineLearning.inside, ignoreChanges: ["properties.defaults"] },
        );
    this.deployment = new ml.BatchDeployment(
      "batch-deployment",
      {
        deploymentName: args.deploymentName,
        ...inWorkspace,
        endpointName: this.endpoint.name,
        location,
        properties: {
          description: "Boosted trees",
          model: { referenceType: "Id", assetId: assets.model.id },
          codeConfiguration: { codeId: assets.code.id, scoringScript: "score.py" },
          environmentId: assets.environment.id,
          compute: machineLearning.cluster.id,
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
      { parent: this, ...machineLearning.inside },
    );
    const isOurs = args.defaultDeployment === "program";
    this.defaultDeployment = new BatchEndpointDefault(
      "batch-endpoint-default",
      {
        endpointId: this.endpoint.id,
        deploymentName: isOurs ? this.deployment.name : args.defaultDeployment,
        declared: isThere ? {} : declared,
        actingAs: args.actingAs,
      },
      {
        parent: this,
        dependsOn: this.deployment,
        ...(isThere ? {} : { deletedWith: this.endpoint }),
        // another's endpoint goes on answering with another's deployment
        retainOnDelete: isThere && !isOurs,
      },
    );
    this.scoringUri = this.endpoint.properties.scoringUri;
    this.registerOutputs({ endpointId: this.endpoint.id, scoringUri: this.scoringUri });
  }
}
