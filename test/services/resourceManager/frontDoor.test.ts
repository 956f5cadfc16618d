import { beforeAll, describe, expect, it } from "vitest";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { group, messageOf, subscriptionPath, TestArm } from "./testArm.js";

let arm: TestArm;
beforeAll(async () => {
  arm = await (await TestArm.start()).withGroup();
});

describe("a caller is refused", () => {
  it("without a token, with a malformed one, and with one for another resource: 401 in ARM's words", async () => {
    const missing = await arm.call("GET", group, { as: null });
    expect(missing.status).toBe(401);
    expect(messageOf(missing)).toBe("Authentication failed. The 'Authorization' header is missing.");
    expect(String(missing.headers["www-authenticate"])).toContain(
      `Bearer authorization_uri="https://login.microsoftonline.com/${subscription.tenantId}", error="invalid_token"`,
    );
    expect(await arm.refusal("GET", group, { audience: "https://vault.azure.net" })).toBe(
      "401 InvalidAuthenticationTokenAudience",
    );
    const garbled = await arm.arm.application.inject({
      url: `${group}?api-version=2024-03-01`,
      headers: { authorization: "Bearer x" },
    });
    expect(garbled.json()).toMatchObject({ error: { code: "InvalidAuthenticationToken" } });
  });

  it("without a role: 403 naming the client, the action and the scope", async () => {
    const answer = await arm.call("GET", group, { as: "trigger" });
    const { appId, objectId } = principals.trigger;
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toBe(
      `The client '${appId}' with object id '${objectId}' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/read' over scope '${group}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  });

  it("with both audiences of Resource Manager accepted, slash or not", async () => {
    for (const audience of ["https://management.azure.com/", "https://management.core.windows.net/"]) {
      expect((await arm.call("GET", group, { audience })).status).toBe(200);
    }
  });
});

describe("a request is refused", () => {
  it("without an api-version or with one of another form", async () => {
    expect(await arm.refusal("GET", `${group}?api-version=`)).toBe("400 MissingApiVersionParameter");
    expect(await arm.refusal("GET", `${group}?api-version=latest`)).toBe("400 InvalidApiVersionParameter");
    expect((await arm.call("GET", `${group}?api-version=2031-12-01-preview`)).status).toBe(200);
  });

  it("for another subscription, a malformed one, an unknown namespace, an unknown type", async () => {
    const other = "/subscriptions/11111111-1111-1111-1111-111111111111";
    expect(await arm.refusal("GET", other)).toBe("404 SubscriptionNotFound");
    expect(await arm.refusal("GET", "/subscriptions/x")).toBe("400 InvalidSubscriptionId");
    expect(await arm.refusal("GET", `${group}/providers/Microsoft.Nowhere/a/1`)).toBe("404 InvalidResourceNamespace");
    expect(await arm.refusal("GET", `${group}/providers/Microsoft.Insights/a/1`)).toBe("404 InvalidResourceType");
    expect(await arm.refusal("GET", `${subscriptionPath}/nothing/here`)).toBe("400 NotImplemented");
  });

  it("when its body is not JSON", async () => {
    expect(await arm.refusal("PUT", group, { text: "location" })).toBe("400 InvalidRequestContent");
  });
});

describe("resource groups", () => {
  it("are made with 201, answered with 200, and found whatever the case of their name", async () => {
    const made = await arm.call("PUT", `${subscriptionPath}/resourcegroups/Second`, {
      body: { location: "West Europe", tags: { a: "b" } },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: `${subscriptionPath}/resourceGroups/Second`,
        name: "Second",
        type: "Microsoft.Resources/resourceGroups",
        location: "westeurope",
        tags: { a: "b" },
        properties: { provisioningState: "Succeeded" },
      },
    });
    expect((await arm.call("GET", `${subscriptionPath}/RESOURCEGROUPS/SECOND`)).body["name"]).toBe("Second");
    expect((await arm.call("PUT", made.body["id"] as string, { body: { location: "westeurope" } })).status).toBe(200);
    expect((await arm.call("HEAD", made.body["id"] as string)).status).toBe(204);
    expect((await arm.call("HEAD", `${subscriptionPath}/resourcegroups/none`)).status).toBe(404);
  });

  it("have no member that ARM does not know", async () => {
    const body = { location: "centralus", tag: {} };
    const answer = await arm.call("PUT", `${group}3`, { body });
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining("'tag'")]);
  });

  it("need a location that Azure has, and keep it", async () => {
    const path = `${subscriptionPath}/resourcegroups/third`;
    expect(await arm.refusal("PUT", path, { body: {} })).toBe("400 LocationRequired");
    expect(await arm.refusal("PUT", path, { body: { location: "mars" } })).toBe(
      "400 LocationNotAvailableForResourceGroup",
    );
    expect(await arm.refusal("PUT", group, { body: { location: "eastus" } })).toBe("409 InvalidResourceGroupLocation");
    expect(await arm.refusal("PUT", `${path}.`, { body: { location: "eastus" } })).toBe("400 InvalidResourceGroup");
    expect(await arm.refusal("GET", path)).toBe("404 ResourceGroupNotFound");
  });

  it("take new tags by PATCH", async () => {
    await arm.call("PUT", `${subscriptionPath}/resourcegroups/tagged`, {
      body: { location: "eastus", tags: { a: "1" } },
    });
    const patched = await arm.call("PATCH", `${subscriptionPath}/resourcegroups/tagged`, {
      body: { tags: { b: "2" } },
    });
    expect(patched).toMatchObject({ status: 200, body: { location: "eastus", tags: { b: "2" } } });
    expect(await arm.refusal("PATCH", group, { body: { tags: { a: 1 } } })).toBe("400 InvalidRequestContent");
  });
});

describe("the tenant", () => {
  it("shows the subscription only to those with a role in it", async () => {
    const ofDeployer = await arm.call("GET", "/subscriptions");
    expect(ofDeployer.body["value"]).toMatchObject([{ subscriptionId: subscription.subscriptionId, state: "Enabled" }]);
    expect((await arm.call("GET", "/subscriptions", { as: "trigger" })).body).toEqual({ value: [] });
    expect((await arm.call("GET", "/tenants", { as: "trigger" })).body["value"]).toMatchObject([
      { tenantId: subscription.tenantId },
    ]);
  });

  it("answers /metadata/endpoints to anybody: an object today, a list before", async () => {
    const today = await arm.arm.application.inject("/metadata/endpoints?api-version=2022-09-01");
    const before = await arm.arm.application.inject("/metadata/endpoints?api-version=2019-05-01");
    expect(today.json()).toMatchObject({
      resourceManager: "https://management.azure.com/",
      suffixes: {
        storage: "core.windows.net",
        keyVaultDns: "vault.azure.net",
        synapseAnalytics: "dev.azuresynapse.net",
      },
    });
    expect(before.json()).toEqual([today.json()]);
  });
});
