import { describe, expect, it } from "vitest";
import { defaultResourceGroup, type Place, resourceNames, suffixOf, suffixPattern } from "../../infra/names.js";

const place: Place = {
  subscriptionId: "11111111-1111-1111-1111-111111111111",
  resourceGroup: "rg-synapse-batch-dev",
  project: "synapse-batch",
  stack: "dev",
};

describe("the suffix of names", () => {
  it("is the same for the same place, whatever its casing", () => {
    expect(suffixOf({ ...place, resourceGroup: "RG-Synapse-Batch-DEV" })).toBe(suffixOf(place));
  });

  it.each(["subscriptionId", "resourceGroup", "project", "stack"] as const)("is another for another %s", (key) => {
    expect(suffixOf({ ...place, [key]: "another" })).not.toBe(suffixOf(place));
  });

  it("is made of what a storage account's name takes", () => {
    expect(suffixOf(place)).toMatch(suffixPattern);
  });
});

describe("the names", () => {
  const rules = {
    clientIdSecret: /^[0-9a-zA-Z-]{1,127}$/,
    clientSecretSecret: /^[0-9a-zA-Z-]{1,127}$/,
    inputDatastore: /^[a-zA-Z0-9_]{1,255}$/,
    scoringVault: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
    machineLearningVault: /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
    machineLearningStorage: /^[a-z0-9]{3,24}$/,
    lakeStorage: /^[a-z0-9]{3,24}$/,
    lakeFilesystem: /^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/,
    logAnalytics: /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
    applicationInsights: /^[\w.()-]{1,260}$/,
    machineLearningWorkspace: /^[a-zA-Z0-9][\w-]{2,32}$/,
    cluster: /^[a-zA-Z][a-zA-Z0-9-]{1,14}[a-zA-Z0-9]$/,
    batchEndpoint: /^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/,
    batchDeployment: /^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/,
    synapseWorkspace: /^[a-z0-9](?!.*-ondemand)[a-z0-9-]{0,48}[a-z0-9]$/,
    pipeline: /^[A-Za-z0-9_][^<>*#.%&:\\+?/]{0,138}$/,
  };

  const inOthers = { scoringVault: 1, machineLearningWorkspace: 1, batchEndpoint: 1, synapseWorkspace: 1 };

  it.each(["abc", "0123456789"])("keep Azure's rules with the suffix %s", (suffix) => {
    for (const shared of [{}, inOthers]) {
      const names = resourceNames(suffix, shared);
      expect(Object.keys(names).sort()).toEqual(Object.keys(rules).sort());
      for (const [key, rule] of Object.entries(rules)) expect(names[key as keyof typeof rules], key).toMatch(rule);
    }
  });

  it("inside another's resource end in the suffix, so that they are in nobody's way", () => {
    const [own, shared] = [resourceNames("abc"), resourceNames("abc", inOthers)];
    const changed = Object.entries(shared).filter(([key, name]) => own[key as keyof typeof own] !== name);
    expect(changed).toEqual([
      ["clientIdSecret", "scoring-client-id-abc"],
      ["clientSecretSecret", "scoring-client-secret-abc"],
      ["cluster", "cpu-abc"],
      ["inputDatastore", "taxibatch2files_abc"],
      ["batchDeployment", "boosted-trees-abc"],
      ["pipeline", "batch-scoring-abc"],
    ]);
  });

  it("of the resource group says project and stack", () => {
    expect(defaultResourceGroup("synapse-batch", "dev")).toBe("rg-synapse-batch-dev");
  });
});
