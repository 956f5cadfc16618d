import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import { DynamicResources } from "../../emulator/deploy/dynamicResources.js";
import { deployerObjectId as actingAs, type FakeAzure, startFakeAzure } from "../deploy/fakeAzure.js";

const root = path.resolve(import.meta.dirname, "../..");
const script = path.join(import.meta.dirname, "serializeProviders.js");
const environment = { ...process.env };
const guid = "55555555-5555-5555-5555-555555555555";
const workspaceId = "/subscriptions/s/providers/Microsoft.MachineLearningServices/workspaces/w";
const endpointId = `${workspaceId}/batchEndpoints/e`;
const inSynapse = {
  endpoint: "https://w.dev.azuresynapse.net",
  actingAs,
  patience: { effectSeconds: 0, principalSeconds: 0 },
};
const inputs: Readonly<Record<string, JsonObject>> = {
  ResourceProviders: { subscriptionId: "s", namespaces: ["Microsoft.Sql"], actingAs },
  BatchEndpointDefault: { endpointId, deploymentName: "d", declared: {}, actingAs },
  RoleAssignment: { ...inSynapse, workspaceName: "w", assignmentName: guid, roleId: guid, principalId: guid },
  Pipeline: { ...inSynapse, pipelineName: "n", definition: { activities: [] } },
  PurgeOnDelete: { kind: "machineLearningWorkspace", resourceId: `${workspaceId}2`, purge: true },
};
/** The stack's configuration names the deployer, the environment somebody else: what azure-native itself would take. */
const configuration = {
  "azure-native:clientId": "deployer",
  "azure-native:clientSecret": "the configured secret",
  "azure-native:tenantId": "tenant",
};

let azure: FakeAzure;
beforeAll(async () => {
  azure = await startFakeAzure();
  azure.resources.set(`management.azure.com${endpointId}`, { id: endpointId, location: "x", properties: {} });
  Object.assign(process.env, azure.environment, { ARM_CLIENT_ID: "somebody", ARM_CLIENT_SECRET: "the secret around" });
});
afterAll(async () => {
  process.env = { ...environment };
  await azure.close();
});

async function textsFrom(folder: string, ...options: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await promisify(execFile)(process.execPath, [...options, script, path.join(root, folder)], {
    cwd: root,
  });
  return JSON.parse(stdout) as Record<string, string>;
}

describe("the dynamic providers work from the text that Pulumi makes of them, which has no secret", () => {
  it.each([
    ["the built modules, in plain Node", "dist/program/infra/dataplane", []],
    ["the sources under tsx, as pulumi up runs them", "infra/dataplane", ["--import", "tsx"]],
  ])("%s", async (_what, folder, options) => {
    const texts = await textsFrom(folder, ...options);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(inputs).sort());
    for (const [type, text] of Object.entries(texts)) {
      azure.requests.length = 0;
      const given = { ...inputs[type], __provider: text };
      const resources = new DynamicResources(configuration);
      await expect(resources.check(type, given), type).resolves.toEqual(given);
      const made = await resources.create(type, given);
      const old = { ...made, inputs: given };
      await expect(resources.diff(type, old, given), type).resolves.toMatchObject({ inputs: [] });
      await expect(resources.read(type, made.id, old), type).resolves.toMatchObject({ id: made.id });
      await expect(resources.update(type, old, given), type).resolves.toMatchObject({ id: made.id });
      await resources.delete(type, old);
      const asked = azure.requests.filter((line) => !line.includes("login.microsoftonline.com"));
      expect(asked.length, type).toBeGreaterThan(0);
      for (const secret of ["the secret around", "the configured secret"]) expect(text).not.toContain(secret);
    }
  });

  it("are all tried here", () => {
    const folder = path.join(root, "infra/dataplane");
    const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
    expect(texts.filter((text) => text.includes("extends pulumi.dynamic.Resource"))).toHaveLength(5);
  });
});
