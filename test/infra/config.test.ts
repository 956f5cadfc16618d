import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { readStackConfiguration } from "../../emulator/deploy/stackConfiguration.js";
import { type Configuration, deployerType, parseConfiguration } from "../../infra/config.js";

const root = path.resolve(import.meta.dirname, "../..");
const needed = {
  scoringClientId: "66666666-6666-6666-6666-666666666666",
  scoringClientSecret: "secret",
  triggerPrincipalId: "77777777-7777-7777-7777-777777777777",
};
const group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg";
const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw`;

/** The project's own defaults with these values over them, without the project's name in the keys. */
function values(changed: Readonly<Record<string, string>>, stack = "dev"): Record<string, string> {
  const { configuration } = readStackConfiguration(root, stack, changed);
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [key.replace(/^synapse-batch:/, ""), value]),
  );
}

function mistakes(changed: Readonly<Record<string, string>>): readonly string[] {
  const parsed = parseConfiguration(values({ ...needed, ...changed }));
  return "mistakes" in parsed ? parsed.mistakes : [];
}

function configurationWith(changed: Readonly<Record<string, string>>): Configuration {
  const parsed = parseConfiguration(values({ ...needed, ...changed }));
  if ("mistakes" in parsed) throw new Error(parsed.mistakes.join());
  return parsed.configuration;
}

describe("the configuration", () => {
  it("has every setting's default in Pulumi.yaml", () => {
    expect(configurationWith({})).toMatchObject({
      location: "centralus",
      authentication: "servicePrincipal",
      batchApi: "ga",
      secretVersion: "latest",
      registerDataset: "attempt",
      defaultDeployment: "program",
      existingScoringVault: undefined,
      existingMachineLearningWorkspace: undefined,
      existingBatchEndpoint: undefined,
      existingSynapseWorkspace: undefined,
      propagationRetries: 5,
      statusRetries: 3,
      pollSeconds: 30,
      jobTimeout: "0.04:00:00",
      purgeProtection: false,
      purgeOnDestroy: true,
      softDeleteRetentionInDays: 7,
      inputFile: path.join(root, "samples/example-data/taxibatch.csv"),
      modelPath: path.join(root, "samples/model"),
      operators: [],
      allowedIpAddresses: [],
    });
  });

  it("does not wait for roles on the laptop, where they hold at once", () => {
    expect(parseConfiguration(values(needed, "local"))).toMatchObject({
      configuration: { propagationRetries: 0, statusRetries: 0, pollSeconds: 1, allowedIpAddresses: ["127.0.0.1"] },
    });
  });

  it("takes a batch endpoint's own workspace for the existing one", () => {
    const { existingMachineLearningWorkspace, existingBatchEndpoint } = configurationWith({
      existingBatchEndpoint: `${workspace}/batchEndpoints/legacy/`,
    });
    expect(existingMachineLearningWorkspace).toMatchObject({ id: workspace, name: "mlw", resourceGroup: "rg" });
    expect(existingBatchEndpoint).toMatchObject({ id: `${workspace}/batchEndpoints/legacy`, name: "legacy" });
  });

  it.each([
    ["pollSeconds", "0", "pollSeconds: must be between 1 and 3600"],
    ["pollSeconds", "often", "pollSeconds: must be a whole number"],
    ["jobTimeout", "4 hours", "jobTimeout: must be a time as d.hh:mm:ss"],
    ["triggerPrincipalId", "me", "triggerPrincipalId: must be a GUID"],
    ["scoringClientId", "me", "scoringClientId: must be a GUID"],
    ["authentication", "password", "authentication: must be one of servicePrincipal, managedIdentity"],
    ["batchApi", "v1", "batchApi: must be one of ga, preview"],
    ["secretVersion", "1", "secretVersion: must be one of latest, pinned"],
    ["registerDataset", "maybe", "registerDataset: must be one of attempt, required, skip"],
    ["defaultDeployment", "my deployment", "defaultDeployment: must be program, or the name of a batch deployment"],
    ...["https://x.azureml.net", "https://x.azureml.net/workspaces/w/services/s?key=k"].map((address) => [
      "besEndpoint",
      address,
      "besEndpoint: must be like https://<region>.services.azureml.net/workspaces/<w>/services/<s>",
    ]),
    ["nameSuffix", "Upper", "nameSuffix: must be 3 to 10 lower-case letters or digits"],
    ["purgeProtection", "yes", "purgeProtection: must be one of true, false"],
    ["purgeOnDestroy", "", "purgeOnDestroy: must be one of true, false"],
    ["softDeleteRetentionInDays", "100", "softDeleteRetentionInDays: must be between 7 and 90"],
    ["allowedIpAddresses", "1.2.3.4", "allowedIpAddresses: must be a list"],
    ...["1.2.3.400", "1.2.3.4-1.2.3.3", "1.2.3.4-1.2.3.5-1.2.3.6", "::1"].map((address) => [
      "allowedIpAddresses",
      JSON.stringify([address]),
      "allowedIpAddresses[0]: must be an IPv4 address, or two with a hyphen between them, the lower one first",
    ]),
    ["operators", '["me"]', "operators[0]: is missing"],
    ["alowedIpAddresses", "[]", "alowedIpAddresses: is not a setting of this project"],
    [
      "azure-native:location",
      "",
      "azure-native:location: is missing: pulumi config set azure-native:location centralus",
    ],
    ["inputFile", "none.csv", "inputFile: there is no file none.csv"],
    ["inputFile", "samples", "inputFile: must be a file, not the folder samples"],
    ["modelPath", "samples/none", "modelPath: there is no file samples/none"],
    [
      "existingScoringVault",
      "kv-1",
      "existingScoringVault: must be an ARM id like /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<name>",
    ],
    [
      "existingBatchEndpoint",
      workspace,
      "existingBatchEndpoint: must be an ARM id like /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.MachineLearningServices/workspaces/<name>/batchEndpoints/<name>",
    ],
  ])("%s = %s is one mistake with one message", (key = "", value = "", message = "") => {
    expect(mistakes({ [key]: value })).toEqual([message]);
  });

  it("reports every mistake at once, those between settings too", () => {
    const found = mistakes({ pollSeconds: "0", jobTimeout: "", batchApi: "preview", triggerPrincipalId: "" });
    expect(found.map((mistake) => mistake.split(":")[0])).toEqual([
      "pollSeconds",
      "jobTimeout",
      "triggerPrincipalId",
      "batchApi",
    ]);
  });
});

describe("what one setting demands of another", () => {
  it("names the line to run when an application is missing", () => {
    const [scoring, trigger, ...others] = mistakes({
      ...needed,
      scoringClientId: "",
      scoringClientSecret: "",
      triggerPrincipalId: "",
    });
    expect(others).toEqual([]);
    expect(scoring).toContain("az ad sp create-for-rbac --skip-assignment --name synapse-batch-scoring");
    expect(scoring).toContain("pulumi config set --secret scoringClientSecret");
    expect(trigger).toContain("az ad sp create-for-rbac --skip-assignment --name synapse-batch-trigger");
  });

  it("with managedIdentity only the trigger's application is asked for", () => {
    const none = {
      scoringClientId: "",
      scoringClientSecret: "",
      triggerPrincipalId: "",
      authentication: "managedIdentity",
    };
    expect(mistakes(none)).toEqual([expect.stringContaining("--name synapse-batch-trigger")]);
  });

  it("names the line that makes a secret when that alone is missing", () => {
    expect(mistakes({ scoringClientSecret: "" })).toEqual([expect.stringContaining("az ad app credential reset")]);
  });

  it("the preview body takes an endpoint from before API version 2022-05-01, so one that exists", () => {
    expect(mistakes({ batchApi: "preview" })).toEqual([
      expect.stringMatching(/^batchApi: preview needs existingBatchEndpoint: .*since 2022-05-01 take no v1 datasets/),
    ]);
    expect(mistakes({ batchApi: "preview", existingBatchEndpoint: `${workspace}/batchEndpoints/legacy` })).toEqual([]);
  });

  it("an endpoint is in the workspace that its id says", () => {
    const existingBatchEndpoint = `${workspace}/batchEndpoints/legacy`;
    expect(mistakes({ existingBatchEndpoint, existingMachineLearningWorkspace: `${workspace}-2` })).toEqual([
      expect.stringMatching(/^existingMachineLearningWorkspace: is not the workspace that existingBatchEndpoint is in/),
    ]);
    const sameInOtherCase = workspace.replace("resourceGroups", "resourcegroups");
    expect(mistakes({ existingBatchEndpoint, existingMachineLearningWorkspace: sameInOtherCase })).toEqual([]);
  });

  it("managedIdentity has no secret whose version could be pinned", () => {
    expect(mistakes({ secretVersion: "pinned" })).toEqual([]);
    expect(mistakes({ secretVersion: "pinned", authentication: "managedIdentity" })).toEqual([
      expect.stringMatching(/^secretVersion: pinned needs authentication servicePrincipal/),
    ]);
  });

  it("an existing Synapse workspace has its region already", () => {
    const existingSynapseWorkspace = `${group}/providers/Microsoft.Synapse/workspaces/synw`;
    expect(mistakes({ existingSynapseWorkspace, synapseLocation: "eastus2" })).toEqual([
      expect.stringMatching(/^synapseLocation: must be empty with existingSynapseWorkspace/),
    ]);
  });

  it("the deployer is an application where azure-native signs in as one, else a person", () => {
    const typeWith = (deployerPrincipalType: string, clientSecret: string) => {
      const configuration = configurationWith({ deployerPrincipalType });
      const signIn = { tenantId: "a tenant", clientId: "an application", clientSecret };
      pulumi.runtime.setAllConfig(
        Object.fromEntries(Object.entries(signIn).map(([key, value]) => [`azure-native:${key}`, value])),
      );
      return deployerType(configuration);
    };
    expect(typeWith("", "")).toBe("User");
    expect(typeWith("", "its secret")).toBe("ServicePrincipal");
    expect(typeWith("User", "its secret")).toBe("User");
  });
});
