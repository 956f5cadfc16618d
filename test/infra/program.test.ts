import { beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import type { JsonObject } from "../../contract/json.js";
import { stackOutputs } from "../../contract/stackOutputs.js";
import { secretPaths } from "../../emulator/deploy/properties.js";
import {
  accessSettings,
  type RecordedProgram,
  recordingTimeoutMs,
  recordProgram,
  registrationOf,
  scoringSecret,
} from "./recordedProgram.js";

const besEndpoint = "https://ussouthcentral.services.azureml.net/workspaces/w/services/s";

let recorded: RecordedProgram;

beforeAll(async () => {
  recorded = await recordProgram({
    ...accessSettings,
    synapseLocation: "eastus2",
    besEndpoint,
    modelPath: "infra/scoring/score.py",
  });
}, recordingTimeoutMs);

const registered = (name: string) => registrationOf(recorded, name);

describe("the outputs", () => {
  it("are those of the contract", () => {
    expect(stackOutputs.parse(recorded.outputs)).toEqual(recorded.outputs);
  });

  it("have the address of the service that retrains, where the configuration names one", () => {
    expect(recorded.outputs).toMatchObject({ besEndpoint });
  });

  it("hold no secret", () => {
    expect(secretPaths(recorded.outputs)).toEqual([]);
    expect(JSON.stringify(recorded.outputs)).not.toContain(scoringSecret);
  });
});

describe("the scoring application's secret", () => {
  it("is in one input alone, which is marked as a secret", () => {
    const holders = recorded.registrations.filter(({ inputs }) => JSON.stringify(inputs).includes(scoringSecret));
    expect(holders.map(({ name, secretInputs }) => ({ name, secretInputs }))).toEqual([
      { name: "scoring-client-secret", secretInputs: ["properties.value"] },
    ]);
  });
});

describe("what is not left to the SDK's defaults", () => {
  const vaultLogs = {
    name: "synapse-batch",
    resourceUri: expect.stringMatching(/\/vaults\/kv-/),
    workspaceId: expect.stringMatching(/\/Microsoft.OperationalInsights\/workspaces\/log-/),
    logAnalyticsDestinationType: "Dedicated",
    logs: [{ category: "AuditEvent", enabled: true }],
  };

  it.each([
    ["Vault scoring-vault", { properties: { enableRbacAuthorization: true, softDeleteRetentionInDays: 7 } }],
    ["Vault machine-learning-vault", { properties: { enableRbacAuthorization: true, softDeleteRetentionInDays: 7 } }],
    [
      "StorageAccount machine-learning-storage",
      {
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: true,
        isHnsEnabled: false,
      },
    ],
    [
      "StorageAccount lake",
      {
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        isHnsEnabled: true,
      },
    ],
    [
      "Workspace machine-learning",
      {
        kind: "Default",
        sku: { name: "Basic", tier: "Basic" },
        identity: { type: "SystemAssigned" },
        storageAccount: expect.stringMatching(/\/storageAccounts\/stml/),
        keyVault: expect.stringMatching(/\/vaults\/kv-ml-/),
        applicationInsights: expect.stringMatching(/\/components\/appi-/),
        publicNetworkAccess: "Enabled",
        v1LegacyMode: false,
        systemDatastoresAuthMode: "accesskey",
        imageBuildCompute: "cpu-cluster",
      },
    ],
    [
      "Component insights",
      {
        kind: "web",
        applicationType: "web",
        ingestionMode: "LogAnalytics",
        workspaceResourceId: expect.stringMatching(/\/workspaces\/log-/),
      },
    ],
    [
      "Datastore input-datastore",
      {
        name: "taxibatch2files",
        properties: {
          datastoreType: "AzureBlob",
          accountName: expect.stringMatching(/^stml/),
          containerName: "taxibatch2files",
          endpoint: "core.windows.net",
          protocol: "https",
          subscriptionId: "11111111-1111-1111-1111-111111111111",
          resourceGroup: "rg-synapse-batch-dev",
          credentials: { credentialsType: "None" },
          serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
        },
      },
    ],
    [
      "Compute cluster",
      {
        identity: { type: "SystemAssigned" },
        properties: {
          computeType: "AmlCompute",
          properties: {
            vmSize: "STANDARD_DS3_V2",
            vmPriority: "Dedicated",
            osType: "Linux",
            scaleSettings: { minNodeCount: 0, maxNodeCount: 1, nodeIdleTimeBeforeScaleDown: "PT120S" },
            remoteLoginPortPublicAccess: "Disabled",
          },
        },
      },
    ],
    ["BatchEndpoint batch-endpoint", { properties: { authMode: "AADToken" } }],
    [
      "BatchDeployment batch-deployment",
      {
        properties: {
          errorThreshold: 0,
          miniBatchSize: 1,
          maxConcurrencyPerInstance: 1,
          retrySettings: { maxRetries: 1, timeout: "PT30M" },
          resources: { instanceCount: 1 },
          outputAction: "AppendRow",
          outputFileName: "predictions.csv",
          loggingLevel: "Info",
          model: { referenceType: "Id", assetId: expect.stringMatching(/\/models\/taxi-fare\/versions\/0a1b2c3d$/) },
          codeConfiguration: {
            codeId: expect.stringMatching(/\/codes\/score-trips\/versions\//),
            scoringScript: "score.py",
          },
          environmentId: expect.stringMatching(/\/environments\/score-trips\/versions\//),
          compute: expect.stringMatching(/\/computes\/cpu-cluster$/),
        },
      },
    ],
    ["DiagnosticSetting scoring-vault-logs", vaultLogs],
    ["DiagnosticSetting machine-learning-vault-logs", vaultLogs],
    [
      "DiagnosticSetting synapse-logs",
      {
        name: "synapse-batch",
        resourceUri: expect.stringMatching(/\/Microsoft.Synapse\/workspaces\/synw-/),
        workspaceId: expect.stringMatching(/\/Microsoft.OperationalInsights\/workspaces\/log-/),
        logAnalyticsDestinationType: "Dedicated",
        logs: [
          "IntegrationPipelineRuns",
          "IntegrationActivityRuns",
          "IntegrationTriggerRuns",
          "SynapseRbacOperations",
          "GatewayApiRequests",
        ].map((category) => ({ category, enabled: true })),
      },
    ],
    [
      "Workspace synapse",
      {
        identity: { type: "SystemAssigned" },
        defaultDataLakeStorage: {
          resourceId: expect.stringMatching(/\/storageAccounts\/stlake/),
          accountUrl: expect.stringMatching(/^https:\/\/stlake[0-9a-f]{8}\.dfs\.core\.windows\.net$/),
          filesystem: "synapse",
        },
        azureADOnlyAuthentication: true,
        publicNetworkAccess: "Enabled",
      },
    ],
  ])("%s", (name, inputs) => {
    expect(registered(name).inputs).toMatchObject(inputs as JsonObject);
  });

  it.each(["azureml-core", "azureml-dataset-runtime[fuse]", "ydf", "pandas"])(
    "the environment has %s, in one version: without the first two no batch job starts",
    (name) => {
      const { osType, condaFile } = registered("EnvironmentVersion environment").inputs["properties"] as JsonObject;
      const { dependencies } = parseYaml(String(condaFile)) as { dependencies: (string | { pip: string[] })[] };
      const packages = dependencies.flatMap((one) => (typeof one === "string" ? [] : one.pip));
      expect(osType).toBe("Linux");
      expect(dependencies).toContain("python=3.10");
      expect(packages.filter((one) => one.startsWith(`${name}==`))).toHaveLength(1);
    },
  );

  it("a vault without purge protection does not have the property, which Azure takes only as true", () => {
    expect(registered("Vault scoring-vault").inputs["properties"]).not.toHaveProperty("enablePurgeProtection");
  });

  it("the Synapse workspace has no SQL password at all", () => {
    expect(Object.keys(registered("Workspace synapse").inputs).join()).not.toMatch(/sqlAdministrator/);
  });
});

describe("a setting", () => {
  it("puts the Synapse workspace alone into another region", () => {
    const regions = recorded.registrations.flatMap(({ type, inputs }) =>
      typeof inputs["location"] === "string" ? [`${type.split(":")[1]} ${inputs["location"]}`] : [],
    );
    expect(regions).toContain("synapse eastus2");
    expect(regions.filter((region) => !region.startsWith("synapse ")).join()).not.toContain("eastus2");
  });

  it("gives another model, whose file may be named as one of the code", () => {
    const blobs = recorded.registrations.filter(({ type }) => type.endsWith(":Blob")).map(({ name }) => name);
    expect(blobs.sort()).toEqual(["code/score.py", "input-file", "model/score.py"]);
  });
});
