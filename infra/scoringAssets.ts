import { readFileSync } from "node:fs";
import path from "node:path";
import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as storage from "@pulumi/azure-native/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { blobUrl } from "../contract/hosts.js";
import { type ContentFile, filesAt, hashOf, isModelFile, scoringFolder } from "./content.js";
import type { MachineLearning } from "./machineLearning.js";

/** The script that the deployment runs; the folder also holds the one that trains, which is a job of its own. */
const scoringScript = "score.py";

/** Where the assets are registered and what they are made of. */
export interface ScoringAssetsArgs {
  readonly machineLearning: MachineLearning;
  /** The model's file, or the folder of its files: an absolute path. */
  readonly modelPath: string;
  readonly environmentImage: string;
}

/**
 * Code, model and environment of the deployment. A version never changes: changed content becomes a new one, with a
 * random name (a hash would collide when an edit is taken back).
 */
export class ScoringAssets extends pulumi.ComponentResource {
  readonly code: ml.CodeVersion;
  readonly model: ml.ModelVersion;
  readonly environment: ml.EnvironmentVersion;

  constructor(name: string, args: ScoringAssetsArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:ScoringAssets", name, {}, options);
    const { workspace, resourceGroupName, inside, account, defaultContainer, defaultDatastoreId } =
      args.machineLearning;
    const inWorkspace = { resourceGroupName, workspaceName: workspace.name };
    const kept = { parent: this, ...inside, retainOnDelete: true };

    const codeFiles = filesAt(scoringFolder, (file) => file === scoringScript);
    const codeVersion = this.version("code-version", hashOf(codeFiles));
    const codeBlobs = this.upload(
      args.machineLearning,
      "code",
      codeFiles,
      codeVersion.apply((version) => `scoring/${version}`),
    );
    this.code = new ml.CodeVersion(
      "code",
      {
        ...inWorkspace,
        name: "score-trips",
        version: codeVersion,
        properties: {
          codeUri: pulumi.interpolate`${account.apply(({ name }) => blobUrl(name))}/${defaultContainer}/scoring/${codeVersion}`,
          description: "Scores trips with the model",
        },
      },
      { ...kept, dependsOn: codeBlobs },
    );

    const modelFiles = filesAt(args.modelPath, isModelFile);
    const modelVersion = this.version("model-version", hashOf(modelFiles));
    const modelBlobs = this.upload(
      args.machineLearning,
      "model",
      modelFiles,
      modelVersion.apply((version) => `models/fare/${version}`),
    );
    const single = modelFiles.length === 1 ? `/${modelFiles[0]?.name ?? ""}` : "";
    this.model = new ml.ModelVersion(
      "model",
      {
        ...inWorkspace,
        name: "taxi-fare",
        version: modelVersion,
        properties: {
          modelType: "custom_model",
          modelUri: pulumi.interpolate`azureml:/${defaultDatastoreId}/paths/models/fare/${modelVersion}${single}`,
          description: "Boosted trees that predict a trip's fare in US dollars",
        },
      },
      { ...kept, dependsOn: modelBlobs },
    );

    const condaFile = readFileSync(path.join(scoringFolder, "conda.yaml"), "utf8");
    this.environment = new ml.EnvironmentVersion(
      "environment",
      {
        ...inWorkspace,
        name: "score-trips",
        version: this.version("environment-version", hashOf([], condaFile, args.environmentImage)),
        properties: { image: args.environmentImage, condaFile, osType: "Linux" },
      },
      kept,
    );
    this.registerOutputs({ codeId: this.code.id, modelId: this.model.id, environmentId: this.environment.id });
  }

  private version(name: string, sha256: string): pulumi.Output<string> {
    return new random.RandomId(name, { byteLength: 4, keepers: { sha256 } }, { parent: this }).hex;
  }

  private upload(
    { account, defaultContainer }: MachineLearning,
    asset: "code" | "model",
    files: readonly ContentFile[],
    folder: pulumi.Output<string>,
  ): storage.Blob[] {
    return files.map(
      ({ file, name }) =>
        new storage.Blob(
          // code and model may have a file of the same name
          `${asset}/${name}`,
          {
            accountName: account.name,
            containerName: defaultContainer,
            resourceGroupName: account.resourceGroup,
            blobName: pulumi.interpolate`${folder}/${name}`,
            type: "Block",
            source: new pulumi.asset.FileAsset(file),
          },
          // versions that are kept go on reading them
          { parent: this, retainOnDelete: true },
        ),
    );
  }
}
