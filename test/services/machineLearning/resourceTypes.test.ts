import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../../emulator/platform/errors.js";
import { defaultContainer, deploy, deploymentProperties, location, workspaceBody } from "./deployed.js";
import { deploymentId, endpointId, groupId, storageId, vaultId, workspaceId } from "./names.js";
import { TestMachineLearning } from "./testMachineLearning.js";

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AzureError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return `${error.status} ${error.code}: ${error.message}`;
}

const propertiesOf = (body: JsonObject) => body["properties"] as JsonObject;
const withProperties = (body: JsonObject, properties: JsonObject): JsonObject => ({
  ...body,
  properties: { ...propertiesOf(body), ...properties },
});

let test: TestMachineLearning;
beforeEach(async () => {
  test = await TestMachineLearning.start({ worker: new URL("file:///no/worker/is/needed") });
});
afterEach(() => test.close());

describe("a workspace", () => {
  const put = (body: JsonObject = workspaceBody) => test.put("workspaces", workspaceId, body);

  it("has an identity, an id, its discovery address and the default datastore's container", async () => {
    test.putLinked();
    const body = await put();
    expect(body["identity"]).toMatchObject({ type: "SystemAssigned" });
    const { workspaceId: guid, discoveryUrl } = propertiesOf(body);
    expect(discoveryUrl).toBe("https://centralus.api.azureml.ms/discovery");
    expect(defaultContainer(test)).toBe(`azureml-blobstore-${String(guid)}`);
    expect(test.blobs.containers).toContain(`mlaccount/azureml-blobstore-${String(guid)}`);
    const names = test.platform.resources.below(`${workspaceId}/datastores`).map(({ name }) => name);
    expect(names.sort()).toEqual([
      ...["workspaceartifactstore", "workspaceblobstore", "workspacefilestore", "workspaceworkingdirectory"],
    ]);
  });

  it("gives its identity roles on group, storage and vault, once", async () => {
    test.putLinked();
    const identity = (await put())["identity"] as JsonObject;
    await put();
    for (const scope of [groupId, storageId, vaultId]) {
      const held = test.accessControl.assignmentsAt(scope).map(({ principalId }) => principalId);
      expect(held).toEqual([identity["principalId"]]);
    }
  });

  it("keeps its id, and does not change its storage account", async () => {
    test.putLinked();
    const first = propertiesOf(await put())["workspaceId"];
    expect(propertiesOf(await put())["workspaceId"]).toBe(first);
    const other = `${storageId}2`;
    const body = { properties: {} };
    test.platform.resources.put({
      id: other,
      type: "Microsoft.Storage/storageAccounts",
      name: "x",
      body,
      createdWith: "",
    });
    expect(await refusalOf(put(withProperties(workspaceBody, { storageAccount: other })))).toContain(
      "cannot be changed",
    );
  });

  it.each([
    ["a storage account", withProperties(workspaceBody, { storageAccount: null }), "needs 'storageAccount'"],
    ["a vault that exists", withProperties(workspaceBody, { keyVault: `${vaultId}x` }), "400 ValidationError"],
    ["an identity", { ...workspaceBody, identity: null }, "needs an identity"],
  ])("needs %s", async (_what, body, message) => {
    test.putLinked();
    expect(await refusalOf(put(body))).toContain(message);
  });

  it("refuses a storage account with a hierarchical namespace", async () => {
    test.putLinked({ isHnsEnabled: true });
    expect(await refusalOf(put())).toContain("hierarchical namespace");
  });

  it("is refused to who may not assign roles on its group", async () => {
    test.putLinked();
    const as = test.principal("trigger");
    expect(await refusalOf(test.put("workspaces", workspaceId, workspaceBody, { as }))).toContain(
      "403 AuthorizationFailed",
    );
  });
});

describe("a datastore", () => {
  const id = `${workspaceId}/datastores/other`;
  const blob = { datastoreType: "AzureBlob", accountName: "mlaccount", containerName: "c" };
  beforeEach(() => deploy(test).then(() => undefined));

  it("tells its key by listSecrets alone", async () => {
    const key = { credentialsType: "AccountKey", secrets: { secretsType: "AccountKey", key: "a2V5" } };
    const body = await test.put("workspaces/datastores", id, { properties: { ...blob, credentials: key } });
    expect(JSON.stringify(body)).not.toContain("a2V5");
    const resource = test.platform.resources.get(id);
    const request = { body: {}, apiVersion: "2025-12-01", caller: test.principal("deployer") };
    const list = test.type("workspaces/datastores").actions?.["listsecrets"];
    expect(resource && (await list?.(resource, request))).toEqual({ secretsType: "AccountKey", key: "a2V5" });
  });

  it("is refused with a key that is not the account's", async () => {
    const key = { credentialsType: "AccountKey", secrets: { key: "other" } };
    const put = test.put("workspaces/datastores", id, { properties: { ...blob, credentials: key } });
    expect(await refusalOf(put)).toContain("could not be validated");
  });

  it.each(["AzureFile", "AzureDataLakeGen2"])("of type %s is refused by name", async (datastoreType) => {
    const put = test.put("workspaces/datastores", id, { properties: { ...blob, datastoreType } });
    expect(await refusalOf(put)).toContain(
      `501 NotImplemented: The emulator does not support a datastore of type '${datastoreType}'`,
    );
  });
});

describe("a version of an asset", () => {
  beforeEach(() => deploy(test).then(() => undefined));
  const id = `${workspaceId}/data/trips/versions/1`;
  const data = { dataType: "uri_file", dataUri: "azureml://datastores/taxibatch2files/paths/trips.csv" };

  it("makes its asset, which knows the latest version", async () => {
    expect(test.type("workspaces/data").madeByChild).toBe(true);
    await test.put("workspaces/data/versions", `${workspaceId}/data/trips/versions/2`, { properties: data });
    const asset = test.platform.resources.get(`${workspaceId}/data/trips`);
    expect(asset?.body["properties"]).toMatchObject({ dataType: "uri_file", latestVersion: "2", nextVersion: "3" });
  });

  it("may change its description, never its path", async () => {
    const described = await test.put("workspaces/data/versions", id, { properties: { ...data, description: "new" } });
    expect(propertiesOf(described)["description"]).toBe("new");
    const moved = { ...data, dataUri: "azureml://datastores/taxibatch2files/paths/other.csv" };
    expect(await refusalOf(test.put("workspaces/data/versions", id, { properties: moved }))).toContain(
      "400 UserError: Asset paths cannot be updated.",
    );
  });

  it.each(["data", "models", "codes", "environments"])("of %s cannot be deleted", (kind) => {
    expect(test.type(`workspaces/${kind}/versions`).deletable).toBe(false);
  });

  it("must name a datastore of the workspace", async () => {
    const elsewhere = { ...data, dataUri: "azureml://datastores/nowhere/paths/x.csv" };
    const other = `${workspaceId}/data/other/versions/1`;
    expect(await refusalOf(test.put("workspaces/data/versions", other, { properties: elsewhere }))).toContain(
      "'nowhere'",
    );
  });
});

describe("a batch endpoint", () => {
  const put = (properties: JsonObject) => test.put("workspaces/batchEndpoints", endpointId, { location, properties });

  it("answers at its scoring address once it is made", async () => {
    test.putLinked();
    await test.put("workspaces", workspaceId, workspaceBody);
    const host = "taxi-fares.centralus.inference.ml.azure.com";
    expect(test.service.answersFor(host)).toBe("unknown");
    const body = await put({ authMode: "aadToken" });
    expect(propertiesOf(body)).toMatchObject({ authMode: "AADToken", scoringUri: `https://${host}/jobs` });
    expect(test.service.answersFor(host)).toBe("live");
  });

  it("takes a default deployment only when it exists", async () => {
    await deploy(test, { withoutDefault: true });
    expect(await refusalOf(put({ defaults: { deploymentName: "green" } }))).toContain("'green' does not exist");
    const body = await put({ defaults: { deploymentName: "blue" } });
    expect(propertiesOf(body)["defaults"]).toEqual({ deploymentName: "blue" });
  });

  it("refuses keys instead of tokens, a bad name, and a name that is taken in the region", async () => {
    await deploy(test);
    expect(await refusalOf(put({ authMode: "Key" }))).toContain("authMode");
    const named = (id: string) => test.put("workspaces/batchEndpoints", id, { location, properties: {} });
    expect(await refusalOf(named(`${workspaceId}/batchEndpoints/1x`))).toContain("not valid");
    expect(await refusalOf(named(`${workspaceId}x/batchEndpoints/taxi-fares`))).toContain("409");
  });
});

describe("a compute", () => {
  it("has an identity until a PUT leaves it out", async () => {
    await deploy(test);
    const id = `${workspaceId}/computes/cpu-cluster`;
    const { properties } = test.platform.resources.get(id)?.body ?? {};
    expect(test.platform.directory.byResourceId(id)).toBeDefined();
    const body = await test.put("workspaces/computes", id, { properties: properties ?? {} });
    expect(body["identity"]).toBeUndefined();
    expect(test.platform.directory.byResourceId(id)).toBeUndefined();
  });
});

describe("a deployment", () => {
  const put = (properties: JsonObject) =>
    test.put("workspaces/batchEndpoints/deployments", deploymentId, { location, properties });
  beforeEach(() => deploy(test).then(() => undefined));

  it("gets the service's settings for those that are absent", async () => {
    const { errorThreshold: _e, miniBatchSize: _m, retrySettings: _r, ...least } = deploymentProperties;
    expect(propertiesOf(await put(least))).toMatchObject({
      ...{ errorThreshold: -1, miniBatchSize: 10, retrySettings: { maxRetries: 3, timeout: "PT30S" } },
      ...{ maxConcurrencyPerInstance: 1, outputAction: "AppendRow", outputFileName: "predictions.csv" },
    });
  });

  it.each(["compute", "environmentId"])("needs a %s that exists", async (member) => {
    expect(await refusalOf(put({ ...deploymentProperties, [member]: `${workspaceId}/computes/none` }))).toContain(
      "404",
    );
  });

  it("needs a model and code that exist", async () => {
    const model = { referenceType: "Id", assetId: `${workspaceId}/models/fare/versions/9` };
    expect(await refusalOf(put({ ...deploymentProperties, model }))).toContain("There is no model");
    const codeConfiguration = { codeId: `${workspaceId}/codes/scoring/versions/9`, scoringScript: "score.py" };
    expect(await refusalOf(put({ ...deploymentProperties, codeConfiguration }))).toContain("There is no code");
  });

  it("refuses settings that are not valid, and a pipeline component by name", async () => {
    expect(await refusalOf(put({ ...deploymentProperties, errorThreshold: -2 }))).toContain("errorThreshold");
    const retrySettings = { maxRetries: 1, timeout: "30 s" };
    expect(await refusalOf(put({ ...deploymentProperties, retrySettings }))).toContain("ISO 8601");
    const component = { deploymentConfigurationType: "PipelineComponent" };
    expect(await refusalOf(put({ ...deploymentProperties, deploymentConfiguration: component }))).toContain("501");
  });
});
