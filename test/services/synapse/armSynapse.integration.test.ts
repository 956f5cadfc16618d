import { SynapseManagementClient } from "@azure/arm-synapse";
import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGateway } from "../../../emulator/gateway/gateway.js";
import { openAccess } from "../../../emulator/platform/accessControl.js";
import { createOutbound } from "../../../emulator/platform/outbound.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import type { Service } from "../../../emulator/platform/service.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { createEntra } from "../../../emulator/services/entra/index.js";
import { createResourceManager } from "../../../emulator/services/resourceManager/index.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { accountUrl, TestSynapse, workspaceId } from "./testSynapse.js";

const { subscriptionId, tenantId } = subscription;
const updateIntervalInMs = 1;

describe("the published @azure/arm-synapse client", () => {
  let test: TestSynapse;
  let client: SynapseManagementClient;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    test = await TestSynapse.start();
    const { platform, synapse } = test;
    const access = openAccess(platform);
    const withAccess: Platform = { ...platform, access };
    const parts = { platform: withAccess, types: synapse.resourceTypes, accessControl: access };
    const services: Service[] = [createEntra(platform), await createResourceManager(parts), synapse];
    const authority = await testAuthority();
    const gateway = await startGateway({
      services,
      authority,
      port: 0,
      offline: true,
      upstreamProxy: undefined,
      serviceSecret: "test",
      control: (_request, response) => void response.writeHead(404).end(),
      log: () => undefined,
    });
    closers.push(
      () => gateway.close(),
      async () => services[1]?.close(),
      () => test.close(),
    );
    const proxyOptions = { host: "http://127.0.0.1", port: gateway.port };
    const { appId } = test.deployer;
    const secret = String(platform.directory.secretOf(appId));
    const credential = new ClientSecretCredential(tenantId, appId, secret, { proxyOptions });
    client = new SynapseManagementClient(credential, subscriptionId, { proxyOptions });
    const audience = "https://management.azure.com";
    const { accessToken } = await platform.tokens.issue({ principal: test.deployer, audience, version: "2.0" });
    const outbound = createOutbound({
      proxyUrl: gateway.proxyUrl,
      certificatePem: authority.certificatePem,
      serviceSecret: "test",
    });
    for (const namespace of ["Microsoft.Synapse", "Microsoft.Sql"]) {
      const path = `/subscriptions/${subscriptionId}/providers/${namespace}/register?api-version=2021-04-01`;
      const { status } = await outbound.send({
        method: "POST",
        url: audience + path,
        headers: { Authorization: `Bearer ${accessToken}` },
        body: undefined,
        timeoutMs: 5_000,
        maxResponseBytes: 100_000,
        signal: new AbortController().signal,
      });
      expect(status).toBe(200);
    }
    await outbound.close();
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  it("creates a workspace and its firewall rule, reads both, and deletes the workspace", async () => {
    test.putStorage(true);
    test.platform.resources.put({
      id: `/subscriptions/${subscriptionId}/resourceGroups/rg`,
      type: "Microsoft.Resources/resourceGroups",
      name: "rg",
      body: { location: "centralus", properties: { provisioningState: "Succeeded" } },
      createdWith: "2024-03-01",
    });
    const made = await client.workspaces.beginCreateOrUpdateAndWait(
      "rg",
      "ws1",
      {
        location: "centralus",
        identity: { type: "SystemAssigned" },
        defaultDataLakeStorage: { accountUrl, filesystem: "fs" },
        azureADOnlyAuthentication: true,
      },
      { updateIntervalInMs },
    );
    expect(made).toMatchObject({ id: workspaceId, provisioningState: "Succeeded", publicNetworkAccess: "Enabled" });
    expect(made.connectivityEndpoints?.["dev"]).toBe("https://ws1.dev.azuresynapse.net");
    const addresses = { startIpAddress: "127.0.0.1", endIpAddress: "127.0.0.1" };
    const rule = await client.ipFirewallRules.beginCreateOrUpdateAndWait("rg", "ws1", "here", addresses, {
      updateIntervalInMs,
    });
    expect(rule).toMatchObject({ name: "here", provisioningState: "Succeeded", ...addresses });
    expect((await test.call("GET", "/pipelines")).status).toBe(200);
    expect((await test.call("GET", "/roleAssignments")).body).toMatchObject({ count: 2 });

    const runtime = await client.integrationRuntimes.get("rg", "ws1", "AutoResolveIntegrationRuntime");
    expect(runtime.properties?.type).toBe("Managed");
    await client.workspaces.beginDeleteAndWait("rg", "ws1", { updateIntervalInMs });
    expect(test.synapse.answersFor("ws1.dev.azuresynapse.net")).toBe("unknown");
    expect(test.platform.directory.byResourceId(workspaceId)).toBeUndefined();
  });
});
