import type { ArtifactsClient, PipelineResource } from "@azure/synapse-artifacts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { terminalPipelineRunStatuses } from "../../../contract/runs.js";
import { serviceAddress } from "../../../emulator/platform/clientAddress.js";
import { type Asked, type SynapseGateway, startSite, startSynapseGateway } from "./synapseGateway.js";
import type { TestSynapse } from "./testSynapse.js";

const window = { lastUpdatedAfter: new Date("2000-01-01"), lastUpdatedBefore: new Date("2100-01-01") };
const updateIntervalInMs = 1;

describe("the published @azure/synapse-artifacts client", () => {
  let test: TestSynapse;
  let site: string;
  let asked: readonly Asked[];
  let client: ArtifactsClient;
  let clientAs: SynapseGateway["clientAs"];
  let close: () => Promise<void>;

  beforeAll(async () => {
    const server = await startSite();
    const gateway = await startSynapseGateway();
    await gateway.test.deployWorkspace();
    [site, asked, test, clientAs] = [server.url, server.asked, gateway.test, gateway.clientAs];
    client = clientAs("deployer");
    close = async () => {
      await server.close();
      await gateway.close();
      test.platform.store.close();
    };
  });
  afterAll(() => close());

  async function ended(runId: string) {
    for (;;) {
      const run = await client.pipelineRunOperations.getPipelineRun(runId);
      if (terminalPipelineRunStatuses.some((status) => status === run.status)) return run;
    }
  }

  const definition = (): PipelineResource => ({
    parameters: { region: { type: "String", defaultValue: "eu" } },
    activities: [
      { name: "token", type: "WebActivity", method: "GET", url: `${site}/token` },
      {
        name: "use",
        type: "WebActivity",
        dependsOn: [{ activity: "token", dependencyConditions: ["Succeeded"] }],
        method: "POST",
        url: { value: "@concat(replace('SITE','SITE','SITE'),'/use')".replaceAll("SITE", site), type: "Expression" },
        headers: { "Content-Type": "application/json" },
        body: {
          value: "@concat('{\"t\":\"',activity('token').output.token,'\",\"r\":\"',pipeline().parameters.region,'\"}')",
          type: "Expression",
        },
      },
      {
        name: "self",
        type: "WebActivity",
        dependsOn: [{ activity: "use", dependencyConditions: ["Succeeded"] }],
        method: "GET",
        url: "https://ws1.dev.azuresynapse.net/workspace?api-version=2020-12-01",
        authentication: { type: "MSI", resource: "https://dev.azuresynapse.net" },
      },
    ],
  });

  it("publishes, gets, lists, runs, watches, queries, renames and deletes a pipeline", async () => {
    const published = await client.pipelineOperations.beginCreateOrUpdatePipelineAndWait("web", definition(), {
      updateIntervalInMs,
    });
    expect(published).toMatchObject({ name: "web", type: "Microsoft.Synapse/workspaces/pipelines" });
    const got = await client.pipelineOperations.getPipeline("web");
    expect(got.activities?.map(({ name }) => name)).toEqual(["token", "use", "self"]);
    expect(got.etag).toBe(published.etag);
    const names: (string | undefined)[] = [];
    for await (const { name } of client.pipelineOperations.listPipelinesByWorkspace()) names.push(name);
    expect(names).toEqual(["web"]);

    // a Web activity that calls the workspace comes from an address of Azure's, which needs a rule of its own
    await test.allowAddresses("127.0.0.1", serviceAddress);
    const { runId } = await client.pipelineOperations.createPipelineRun("web", { parameters: { region: "us" } });
    const run = await ended(runId);
    expect([run.status, run.message]).toEqual(["Succeeded", ""]);
    expect(run.parameters).toEqual({ region: "us" });
    expect(run.runStart).toBeInstanceOf(Date);
    expect(asked).toEqual([
      { method: "GET", url: "/token", body: "" },
      { method: "POST", url: "/use", body: '{"t":"abc","r":"us"}' },
    ]);

    const filters = [{ operand: "PipelineName", operator: "Equals", values: ["web"] }];
    const runs = await client.pipelineRunOperations.queryPipelineRunsByWorkspace({ ...window, filters });
    expect(runs.value.map((one) => one.runId)).toEqual([runId]);
    expect(runs.continuationToken).toBeUndefined();
    const activities = await client.pipelineRunOperations.queryActivityRuns("web", runId, {
      ...window,
      orderBy: [{ orderBy: "ActivityRunStart", order: "ASC" }],
    });
    expect(activities.value.map(({ activityName, status }) => [activityName, status])).toEqual([
      ["token", "Succeeded"],
      ["use", "Succeeded"],
      ["self", "Succeeded"],
    ]);
    expect(activities.value[2]?.output).toMatchObject({ name: "ws1", type: "Microsoft.Synapse/workspaces" });

    await client.pipelineOperations.beginRenamePipelineAndWait("web", { newName: "web2" }, { updateIntervalInMs });
    await client.pipelineOperations.beginDeletePipelineAndWait("web2", { updateIntervalInMs });
    await expect(client.pipelineOperations.getPipeline("web2")).rejects.toMatchObject({
      statusCode: 404,
      code: "PipelineNotFound",
    });
  });

  it("cancels a run whose Web activity waits for its answer", async () => {
    const activities = [{ name: "slow", type: "WebActivity", method: "GET", url: `${site}/slow` } as const];
    await client.pipelineOperations.beginCreateOrUpdatePipelineAndWait("slow", { activities }, { updateIntervalInMs });
    const { runId } = await client.pipelineOperations.createPipelineRun("slow");
    await client.pipelineRunOperations.cancelPipelineRun(runId, { isRecursive: true });
    expect((await ended(runId)).status).toBe("Cancelled");
  });

  it("is told why a publish failed and why a principal without a role may not look", async () => {
    const broken = { activities: [{ name: "a", type: "WebActivity", method: "GET", url: "@nosuch(" } as const] };
    const publish = client.pipelineOperations.beginCreateOrUpdatePipelineAndWait("broken", broken, {
      updateIntervalInMs,
    });
    await expect(publish).rejects.toMatchObject({ statusCode: 400, code: "BadRequest" });
    await expect(clientAs("operator").pipelineOperations.getPipeline("web")).rejects.toMatchObject({
      statusCode: 403,
      code: "Unauthorized",
      message: expect.stringContaining("Microsoft.Synapse/workspaces/artifacts/read, Scope: workspaces/ws1."),
    });
  });
});
