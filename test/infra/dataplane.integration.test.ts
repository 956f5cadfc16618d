import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { deploy } from "../../emulator/deploy/deploy.js";
import { openDeployedResources } from "../../emulator/deploy/deployedResources.js";
import { DynamicResources } from "../../emulator/deploy/dynamicResources.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import { BatchEndpointDefault } from "../../infra/dataplane/batchEndpointDefault.js";
import { ResourceProviders } from "../../infra/dataplane/resourceProviders.js";
import { SynapsePipeline } from "../../infra/dataplane/synapsePipeline.js";
import { SynapseRoleAssignment } from "../../infra/dataplane/synapseRoleAssignment.js";
import { deployerObjectId as actingAs, type FakeAzure, startFakeAzure } from "../deploy/fakeAzure.js";

const environment = { ...process.env };
let azure: FakeAzure;
let store: Store;

beforeEach(async () => {
  azure = await startFakeAzure();
  store = openStore(undefined, Buffer.alloc(32, 7));
  Object.assign(process.env, azure.environment);
});
afterEach(async () => {
  process.env = { ...environment };
  store.close();
  await azure.close();
});

/** Deploys a program that is these resources; the result is what the deployment sent, without the sign-in. */
async function sentBy(declare: () => void): Promise<readonly string[]> {
  azure.requests.length = 0;
  await deploy({
    program: async () => {
      declare();
      return {};
    },
    project: "p",
    stack: "s",
    configuration: {},
    secretKeys: [],
    store,
    environment: process.env,
    clock: systemClock(),
    onEvent: () => {},
  });
  return azure.requests.filter((line) => !line.includes("login.microsoftonline.com"));
}

describe("resource providers", () => {
  const url = "https://management.azure.com/subscriptions/sub/providers";
  const declare = (...namespaces: string[]) =>
    void new ResourceProviders("providers", { subscriptionId: "sub", namespaces, actingAs });

  it("that are registered are left as they are: the deployer may not have the right to register", async () => {
    expect(await sentBy(() => declare("Microsoft.Sql"))).toEqual([`GET ${url}/Microsoft.Sql`]);
  });

  it("that are not are registered, and waited for", async () => {
    azure.registrationStates.set("Microsoft.Sql", ["NotRegistered", "Registering", "Registering", "Registered"]);
    expect(await sentBy(() => declare("Microsoft.Sql"))).toEqual([
      `GET ${url}/Microsoft.Sql`,
      `POST ${url}/Microsoft.Sql/register`,
      `GET ${url}/Microsoft.Sql`,
      `GET ${url}/Microsoft.Sql`,
    ]);
  });

  it("that may not be registered fail with the service's sentence", async () => {
    azure.registrationStates.set("Microsoft.Sql", ["NotRegistered"]);
    const message = "The client does not have authorization to perform action 'Microsoft.Sql/register/action'.";
    azure.refusals.set("/register", { status: 403, code: "AuthorizationFailed", message });
    await expect(sentBy(() => declare("Microsoft.Sql"))).rejects.toMatchObject({
      code: "AuthorizationFailed",
      message: expect.stringMatching(
        /registering the resource provider Microsoft\.Sql: 403 AuthorizationFailed: The cl/,
      ),
    });
  });

  it("that are added later are registered then, and none is taken back", async () => {
    await sentBy(() => declare("Microsoft.Sql"));
    expect(await sentBy(() => declare("Microsoft.Sql", "Microsoft.Storage"))).toContain(`GET ${url}/Microsoft.Storage`);
    expect(await sentBy(() => {})).toEqual([]);
  });

  it("that was taken back outside is read so, and registered again by an update", async () => {
    await sentBy(() => declare("Microsoft.Sql", "Microsoft.Storage"));
    const [record] = openDeployedResources(store, "p/s").all();
    if (!record) throw new Error("nothing was deployed");
    azure.registrationStates.set("Microsoft.Sql", ["Unregistered"]);
    const dynamic = new DynamicResources();
    const found = await dynamic.read(record.type, record.id, record);
    expect(found?.outputs["namespaces"]).toEqual(["Microsoft.Storage"]);
    const difference = await dynamic.diff(record.type, { ...record, ...found }, record.inputs);
    expect(difference.inputs.map(({ path }) => path)).toEqual(["namespaces[0]", "namespaces[1]"]);
    azure.registrationStates.set("Microsoft.Sql", ["Unregistered", "Registered"]);
    azure.requests.length = 0;
    await dynamic.update(record.type, record, record.inputs);
    expect(azure.requests).toContain(`POST ${url}/Microsoft.Sql/register`);
  });
});

describe("the default deployment of a batch endpoint", () => {
  const endpointId =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/batchEndpoints/e";
  const key = `management.azure.com${endpointId}`;
  const declare = (declared: object) =>
    void new BatchEndpointDefault("default", { endpointId, deploymentName: "d", declared, actingAs });
  const put = `PUT https://${key}`;

  it("is set again when a change of the endpoint has dropped it, and not otherwise", async () => {
    const endpoint = { id: endpointId, location: "x", properties: { authMode: "AADToken", scoringUri: "u" } };
    azure.resources.set(key, endpoint);
    expect(await sentBy(() => declare({ description: "one" }))).toContain(put);
    expect(azure.resources.get(key)).toMatchObject({ properties: { defaults: { deploymentName: "d" } } });
    expect(await sentBy(() => declare({ description: "one" }))).toEqual([]);
    azure.resources.set(key, endpoint);
    expect(await sentBy(() => declare({ description: "two" }))).toContain(put);
    expect(azure.resources.get(key)).toMatchObject({ properties: { defaults: { deploymentName: "d" } } });
  });

  it("of an endpoint that is not there is refused; removing it then does nothing", async () => {
    await expect(sentBy(() => declare({}))).rejects.toThrow(/the batch endpoint .* does not exist/);
    azure.resources.set(key, { id: endpointId, location: "x", properties: {} });
    await sentBy(() => declare({}));
    azure.resources.delete(key);
    expect(await sentBy(() => {})).toEqual([`GET https://${key}`]);
  });
});

describe("what is inside a Synapse workspace", () => {
  const endpoint = "https://w.dev.azuresynapse.net";
  const patience = { effectSeconds: 60, principalSeconds: 0 };
  const guid = "55555555-5555-5555-5555-555555555555";
  const assignmentUrl = `${endpoint}/roleAssignments/${guid}`;
  const assign = () =>
    void new SynapseRoleAssignment("role", {
      endpoint,
      workspaceName: "w",
      assignmentName: guid,
      roleId: guid,
      principalId: guid,
      principalType: "User",
      actingAs,
      patience,
    });
  const publish = (changed: { effectSeconds?: number } = {}) =>
    void new SynapsePipeline("pipeline", {
      endpoint,
      pipelineName: "n",
      definition: { activities: [] },
      actingAs,
      patience: { ...patience, ...changed },
    });

  it.each([
    ["role", assign],
    ["pipeline", () => publish()],
  ])("%s waits for Entra ID to know the service", async (_what, declare) => {
    const message = "AADSTS500011: The resource principal named https://dev.azuresynapse.net was not found.";
    azure.refusals.set("login.microsoftonline.com", { status: 400, code: "invalid_resource", message });
    expect(await sentBy(declare)).toContainEqual(expect.stringMatching(/^PUT https:\/\/w\.dev\.azuresynapse\.net\//));
  });

  it("is not sent again for a change of how long to wait", async () => {
    await sentBy(() => publish());
    expect(await sentBy(() => publish({ effectSeconds: 61 }))).toEqual([]);
  });

  it("is made by the deployer alone, but removed by whoever deploys next", async () => {
    process.env["ARM_CLIENT_ID"] = "colleague";
    await expect(sentBy(assign)).rejects.toThrow(`signs in as ${actingAs}, this environment as`);
    Object.assign(process.env, azure.environment);
    await sentBy(() => {
      assign();
      publish();
    });
    process.env["ARM_CLIENT_ID"] = "colleague";
    const sent = await sentBy(() => {});
    expect(sent).toContain(`DELETE ${assignmentUrl}`);
    expect(sent).toContain(`DELETE ${endpoint}/pipelines/n`);
  });
});
