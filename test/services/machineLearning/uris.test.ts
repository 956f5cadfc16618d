import { beforeAll, describe, expect, it } from "vitest";
import type { StoredResource } from "../../../emulator/platform/resources.js";
import { resolveUri } from "../../../emulator/services/machineLearning/uris.js";
import { deploy } from "./deployed.js";
import { workspaceId } from "./names.js";
import { TestMachineLearning } from "./testMachineLearning.js";

describe("a URI", () => {
  let test: TestMachineLearning;
  let workspace: StoredResource;
  let guid: string;
  beforeAll(async () => {
    test = await TestMachineLearning.start({ worker: new URL("file:///no/worker/is/needed") });
    await deploy(test);
    const found = test.platform.resources.get(workspaceId);
    if (!found) throw new Error("no workspace");
    workspace = found;
    guid = String((found.body["properties"] as Record<string, unknown>)["workspaceId"]);
    return () => test.close();
  });
  const resolve = (uri: string) => resolveUri(test.platform.resources, workspace, uri);
  const short = workspaceId.replace("/providers/Microsoft.MachineLearningServices", "").slice(1);
  const place = { account: "mlaccount", container: "taxibatch2files", path: "trips.csv" };

  it.each([
    () => "azureml://datastores/taxibatch2files/paths/trips.csv",
    () => "azureml://datastores/taxibatch2files/paths//trips.csv",
    () => `azureml://${short}/datastores/taxibatch2files/paths/trips.csv`,
    () => `azureml:/${short}/datastores/taxibatch2files/paths/trips.csv`,
    () => `azureml:/${workspaceId}/datastores/taxibatch2files/paths/trips.csv`,
    () => `${workspaceId}/datastores/taxibatch2files/paths/trips.csv`,
    () => `${workspaceId.toUpperCase()}/DATASTORES/taxibatch2files/PATHS/trips.csv`,
    () => `${workspaceId}/data/trips/versions/1`,
    () => `azureml:${workspaceId}/data/trips/versions/1`,
    () => `azureml://locations/centralus/workspaces/${guid}/data/trips/versions/1`,
    () => `azureml://locations/centralus/workspaces/${guid}/data/trips/labels/latest`,
  ])("%s names a path in a datastore", (uri) => {
    const { place: found, datastore } = resolve(uri());
    expect([found, datastore?.name]).toEqual([place, "taxibatch2files"]);
  });

  it.each([
    "https://mlaccount.blob.core.windows.net/taxibatch2files/trips.csv",
    "wasbs://taxibatch2files@mlaccount.blob.core.windows.net/trips.csv",
  ])("%s names a blob, without a datastore", (uri) => {
    expect(resolve(uri)).toEqual({ place, datastore: undefined });
  });

  it.each([
    "azureml:trips:1",
    "abfss://c@mlaccount.dfs.core.windows.net/trips.csv",
    "https://example.com/trips.csv",
    "trips.csv",
    "azureml://locations/centralus/workspaces/other/data/trips/versions/1",
    `${workspaceId}/models/fare/versions/1`,
    `${workspaceId}/datastores/workspacefilestore/paths/x`,
  ])("%s is refused", (uri) => {
    expect(() => resolve(uri)).toThrow(/URI|AzureBlob/);
  });

  it("is refused as the caller's mistake when it is not validly encoded", () => {
    const malformed = "https://mlaccount.blob.core.windows.net/taxibatch2files/100%.csv";
    expect(() => resolve(malformed)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it("is refused with a shared access signature, which the refusal does not repeat", () => {
    const signed = "https://mlaccount.blob.core.windows.net/taxibatch2files/trips.csv?sp=r&sig=c2VjcmV0";
    expect(() => resolve(signed)).toThrow(/^(?!.*c2VjcmV0).*not of a form/);
  });
});
