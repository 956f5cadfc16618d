import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { ClientSecretCredential } from "@azure/identity";
import { ArtifactsClient, type PipelineResource } from "@azure/synapse-artifacts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { terminalPipelineRunStatuses } from "../../../contract/runs.js";
import { startGateway } from "../../../emulator/gateway/gateway.js";
import { serviceAddress } from "../../../emulator/platform/clientAddress.js";
import { createOutbound } from "../../../emulator/platform/outbound.js";
import type { Service } from "../../../emulator/platform/service.js";
import { type PrincipalName, subscription } from "../../../emulator/platform/subscription.js";
import { createEntra } from "../../../emulator/services/entra/index.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { TestSynapse } from "./testSynapse.js";

const window = { lastUpdatedAfter: new Date("2000-01-01"), lastUpdatedBefore: new Date("2100-01-01") };
const updateIntervalInMs = 1;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

describe("the published @azure/synapse-artifacts client", () => {
  const asked: Asked[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let test: TestSynapse;
  let proxyPort: number;
  let site: string;
  let client: ArtifactsClient;

  beforeAll(async () => {
    const server = http.createServer(async (request, response) => {
      const chunks = await request.toArray();
      const [method, url] = [String(request.method), String(request.url)];
      asked.push({ method, url, body: Buffer.concat(chunks).toString() });
      if (url === "/slow") return;
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ token: "abc", method }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const authority = await testAuthority();
    const services: Service[] = [];
    const gateway = await startGateway({
      services,
      authority,
      port: 0,
      offline: false,
      upstreamProxy: undefined,
      serviceSecret: "test",
      control: (_request, response) => void response.writeHead(404).end(),
      log: () => undefined,
    });
    proxyPort = gateway.port;
    const outbound = createOutbound({
      proxyUrl: gateway.proxyUrl,
      certificatePem: authority.certificatePem,
      serviceSecret: "test",
    });
    test = await TestSynapse.start({ outbound });
    await test.deployWorkspace();
    services.push(createEntra(test.platform), test.synapse);
    client = clientAs("deployer");
    closers.push(
      async () => server.closeAllConnections(),
      async () => server.close(),
      () => outbound.close(),
      () => gateway.close(),
      () => test.close(),
    );
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  function clientAs(name: PrincipalName): ArtifactsClient {
    const proxyOptions = { host: "http://127.0.0.1", port: proxyPort };
    const { appId } = test.principal(name);
    const secret = String(test.platform.directory.secretOf(appId));
    const credential = new ClientSecretCredential(subscription.tenantId, appId, secret, { proxyOptions });
    return new ArtifactsClient(credential, "https://ws1.dev.azuresynapse.net", { proxyOptions });
  }

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
