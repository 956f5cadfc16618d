import type { ArmRule } from "../armRule.js";
import { inside, type Members, type Shape, values } from "../shape.js";
import { provider } from "./paths.js";

const workspace = `${provider("Microsoft.MachineLearningServices")}/workspaces/{workspaceName}`;
const apiVersion = "2025-12-01";

const sku = inside(values("capacity", "family", "name", "size", "tier"));
const tracked: Members = { ...values("location"), tags: "map", identity: inside(values("type")) };
const described: Members = { ...values("description"), properties: "map", tags: "map" };
const route = inside(values("path", "port"));
const scoringRoutes: Shape = inside({ livenessRoute: route, readinessRoute: route, scoringRoute: route });

function assetVersion(collection: string, properties: Members): ArmRule {
  return {
    apiVersion,
    path: `${workspace}/${collection}/{name}/versions/{version}`,
    envelope: {},
    kept: true,
    properties: { ...values("isAnonymous", "isArchived"), ...described, ...properties },
  };
}

/** Workspaces and what is in them. */
export const machineLearningRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:machinelearningservices:Workspace": {
    apiVersion,
    path: workspace,
    envelope: { ...tracked, ...values("kind"), sku },
    properties: values(
      "allowPublicAccessWhenBehindVnet",
      "applicationInsights",
      "containerRegistry",
      "description",
      "discoveryUrl",
      "enableDataIsolation",
      "friendlyName",
      "hbiWorkspace",
      "imageBuildCompute",
      "keyVault",
      "primaryUserAssignedIdentity",
      "publicNetworkAccess",
      "storageAccount",
      "systemDatastoresAuthMode",
      "v1LegacyMode",
    ),
  },
  "azure-native:machinelearningservices:Compute": {
    apiVersion,
    path: `${workspace}/computes/{computeName}`,
    envelope: { ...tracked, sku },
    kept: true,
    properties: {
      ...values("computeLocation", "computeType", "description", "disableLocalAuth", "resourceId"),
      properties: inside({
        ...values(
          "enableNodePublicIp",
          "isolatedNetwork",
          "osType",
          "remoteLoginPortPublicAccess",
          "vmPriority",
          "vmSize",
        ),
        scaleSettings: inside(values("maxNodeCount", "minNodeCount", "nodeIdleTimeBeforeScaleDown")),
      }),
    },
    replaceable: true,
  },
  "azure-native:machinelearningservices:Datastore": {
    apiVersion,
    path: `${workspace}/datastores/{name}`,
    envelope: {},
    kept: true,
    properties: {
      ...described,
      ...values(
        "accountName",
        "containerName",
        "datastoreType",
        "endpoint",
        "protocol",
        "resourceGroup",
        "serviceDataAccessAuthIdentity",
        "subscriptionId",
      ),
      credentials: inside(values("credentialsType")),
    },
    query: ["skipValidation"],
  },
  "azure-native:machinelearningservices:DataVersion": assetVersion("data", values("dataType", "dataUri")),
  "azure-native:machinelearningservices:ModelVersion": assetVersion(
    "models",
    values("jobName", "modelType", "modelUri", "stage"),
  ),
  "azure-native:machinelearningservices:CodeVersion": assetVersion("codes", values("codeUri")),
  "azure-native:machinelearningservices:EnvironmentVersion": assetVersion("environments", {
    ...values("autoRebuild", "condaFile", "image", "osType", "stage"),
    build: inside(values("contextUri", "dockerfilePath")),
    inferenceConfig: scoringRoutes,
  }),
  "azure-native:machinelearningservices:BatchEndpoint": {
    apiVersion,
    path: `${workspace}/batchEndpoints/{endpointName}`,
    envelope: { ...tracked, ...values("kind"), sku },
    kept: true,
    properties: {
      ...values("authMode", "description"),
      properties: "map",
      defaults: inside(values("deploymentName")),
    },
  },
  "azure-native:machinelearningservices:BatchDeployment": {
    apiVersion,
    path: `${workspace}/batchEndpoints/{endpointName}/deployments/{deploymentName}`,
    envelope: { ...tracked, ...values("kind"), sku },
    kept: true,
    properties: {
      ...values(
        "compute",
        "description",
        "environmentId",
        "errorThreshold",
        "loggingLevel",
        "maxConcurrencyPerInstance",
        "miniBatchSize",
        "outputAction",
        "outputFileName",
      ),
      environmentVariables: "map",
      properties: "map",
      codeConfiguration: inside(values("codeId", "scoringScript")),
      model: inside(values("assetId", "datastoreId", "jobId", "path", "referenceType")),
      resources: inside({ ...values("instanceCount", "instanceType"), properties: "map" }),
      retrySettings: inside(values("maxRetries", "timeout")),
    },
    replaceable: true,
  },
};
