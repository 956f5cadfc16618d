import { beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../../contract/json.js";
import { group, messageOf, plainType, subscriptionPath, TestArm } from "./testArm.js";

const logs = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
const component = `${group}/providers/Microsoft.Insights/components/app`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv1`;
const setting = (name: string, on = vault) => `${on}/providers/Microsoft.Insights/diagnosticSettings/${name}`;
const audit = (members: Readonly<Record<string, Json>> = {}) => ({
  body: { properties: { workspaceId: logs, logs: [{ category: "AuditEvent", enabled: true }], ...members } },
});

let arm: TestArm;
beforeEach(async () => {
  arm = await (
    await TestArm.start([plainType("Microsoft.KeyVault/vaults"), plainType("Microsoft.Test/boxes")])
  ).withGroup();
  await arm.call("PUT", logs, { body: { location: "eastus" } });
  await arm.call("PUT", vault, { body: { location: "eastus" } });
});

describe("a Log Analytics workspace", () => {
  it("is there at once, keeps its customer id, and gives its keys to who may ask", async () => {
    const first = await arm.call("GET", logs);
    expect(first.body["properties"]).toMatchObject({
      customerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      provisioningState: "Succeeded",
      sku: { name: "PerGB2018" },
      retentionInDays: 30,
    });
    const again = await arm.call("PUT", logs, { body: { location: "eastus", properties: { retentionInDays: 60 } } });
    expect(again.body["properties"]).toMatchObject({
      customerId: (first.body["properties"] as { customerId: string }).customerId,
      retentionInDays: 60,
    });
    const keys = await arm.call("POST", `${logs}/sharedKeys`);
    expect(keys.body).toEqual({
      primarySharedKey: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
      secondarySharedKey: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
    });
    expect((await arm.call("POST", `${logs}/sharedKeys`)).body).toEqual(keys.body);
    expect(JSON.stringify(arm.platform.store.all("SELECT * FROM log_analytics_keys"))).not.toContain(
      String(keys.body["primarySharedKey"]),
    );
  });

  it("has a sku and a retention that the service knows", async () => {
    const put = (properties: Json) => arm.refusal("PUT", logs, { body: { location: "eastus", properties } });
    expect(await put({ sku: { name: "Gold" } })).toBe("400 InvalidParameter");
    expect(await put({ retentionInDays: 8 })).toBe("400 InvalidParameter");
  });
});

describe("an Application Insights component", () => {
  it("has an instrumentation key that stays, in the service's spelling", async () => {
    const body = {
      location: "eastus",
      kind: "web",
      properties: { Application_Type: "web", WorkspaceResourceId: logs },
    };
    const made = await arm.call("PUT", component, { body });
    const { InstrumentationKey } = made.body["properties"] as { InstrumentationKey: string };
    expect(made.body).toMatchObject({
      kind: "web",
      properties: {
        IngestionMode: "LogAnalytics",
        ConnectionString: expect.stringContaining(`InstrumentationKey=${InstrumentationKey};`),
      },
    });
    expect((await arm.call("PUT", component, { body })).body["properties"]).toMatchObject({ InstrumentationKey });
  });

  it("needs a workspace that exists: classic components are retired", async () => {
    const put = (properties: Json) =>
      arm.refusal("PUT", component, { body: { location: "eastus", kind: "web", properties } });
    expect(await put({ Application_Type: "web" })).toBe("400 BadRequest");
    expect(await put({ Application_Type: "web", WorkspaceResourceId: `${logs}2` })).toBe("404 ResourceNotFound");
    expect(await put({ Application_Type: "java", WorkspaceResourceId: logs })).toBe("400 BadRequest");
  });
});

describe("a diagnostic setting", () => {
  it("stands at a resource, is listed there and goes with it", async () => {
    const made = await arm.call("PUT", setting("all"), audit({ logAnalyticsDestinationType: "Dedicated" }));
    expect(made).toMatchObject({
      status: 200,
      body: {
        id: setting("all"),
        name: "all",
        properties: { workspaceId: logs, logAnalyticsDestinationType: "Dedicated" },
      },
    });
    expect((await arm.call("GET", setting("all"))).body).toEqual(made.body);
    expect((await arm.call("GET", setting(""))).body).toEqual({ value: [made.body] });
    await arm.call("DELETE", vault);
    expect(arm.platform.resources.ofType("Microsoft.Insights/diagnosticSettings")).toEqual([]);
  });

  it("needs a destination that exists and a category of that resource type", async () => {
    const noSink = { body: { properties: { logs: [{ category: "AuditEvent", enabled: true }] } } };
    expect(await arm.refusal("PUT", setting("a"), noSink)).toBe("400 BadRequest");
    expect(await arm.refusal("PUT", setting("a"), audit({ workspaceId: `${logs}2` }))).toBe("404 ResourceNotFound");
    const wrong = await arm.call(
      "PUT",
      setting("a"),
      audit({ logs: [{ category: "GatewayApiRequests", enabled: true }] }),
    );
    expect(messageOf(wrong)).toBe("Category 'GatewayApiRequests' is not supported.");
    const box = `${group}/providers/Microsoft.Test/boxes/one`;
    await arm.call("PUT", box, { body: { location: "eastus" } });
    expect(await arm.refusal("PUT", setting("a", box), audit())).toBe("400 ResourceTypeNotSupported");
  });

  it("does not send a category to the same place a second time", async () => {
    await arm.call("PUT", setting("one"), audit());
    expect(await arm.refusal("PUT", setting("two"), audit())).toBe("409 Conflict");
    expect((await arm.call("PUT", setting("one"), audit())).status).toBe(200);
  });
});

describe("checkNameAvailability", () => {
  it("says whether a globally unique name is free, taken or impossible", async () => {
    const ask = async (name: string) =>
      (
        await arm.call("POST", `${subscriptionPath}/providers/Microsoft.KeyVault/checkNameAvailability`, {
          body: { name, type: "Microsoft.KeyVault/vaults" },
        })
      ).body;
    expect(await ask("kv2")).toEqual({ nameAvailable: true });
    expect(await ask("KV1")).toMatchObject({ nameAvailable: false, reason: "AlreadyExists" });
    expect(await ask("2kv")).toMatchObject({ nameAvailable: false, reason: "AccountNameInvalid" });
    expect(
      await arm.refusal("POST", `${subscriptionPath}/providers/Microsoft.Test/checkNameAvailability`, { body: {} }),
    ).toBe("400 NotImplemented");
  });
});
