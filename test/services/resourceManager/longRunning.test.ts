import { SynapseManagementClient, type SynapseManagementClientOptionalParams } from "@azure/arm-synapse";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../../emulator/platform/errors.js";
import type { PutStyle, ResourceType } from "../../../emulator/platform/resourceType.js";
import { openStore } from "../../../emulator/platform/store.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { createResourceManager } from "../../../emulator/services/resourceManager/index.js";
import { gate, group, plainType, TestArm } from "./testArm.js";

const origin = "https://management.azure.com";
const workspace = `${group}/providers/Microsoft.Synapse/workspaces/ws`;
const body = { location: "eastus", properties: { publicNetworkAccess: "Enabled" } };
const styles: readonly PutStyle[] = [
  "synchronous",
  "provisioningState",
  "location",
  "asyncOperation",
  "asyncOperationAndLocation",
];
const asynchronous = styles.filter((style) => style !== "synchronous");

const workspaces = (putStyle: PutStyle, apply?: ResourceType["apply"]) =>
  plainType("Microsoft.Synapse/workspaces", { putStyle, ...(apply && { apply }) });
const started = async (type: ResourceType) => (await TestArm.start([type])).withGroup();
const stateOf = ({ body: { properties } }: { body: JsonObject }) =>
  (properties as JsonObject | undefined)?.["provisioningState"];

type HttpClient = NonNullable<SynapseManagementClientOptionalParams["httpClient"]>;
type HttpHeaders = Parameters<HttpClient["sendRequest"]>[0]["headers"];

function headersOf(values: Readonly<Record<string, unknown>>): HttpHeaders {
  const map = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return {
    get: (name) => map.get(name.toLowerCase()),
    has: (name) => map.has(name.toLowerCase()),
    set: (name, value) => void map.set(name.toLowerCase(), String(value)),
    delete: (name) => void map.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(map),
    [Symbol.iterator]: () => map[Symbol.iterator](),
  };
}

/** The official client, with its own polling, whose requests reach the application without a socket. */
function officialClient(arm: TestArm, requests: string[] = []): SynapseManagementClient {
  const httpClient: HttpClient = {
    async sendRequest(request) {
      requests.push(request.method);
      const answer = await arm.arm.application.inject({
        method: request.method as "GET",
        url: request.url.slice(origin.length),
        headers: { ...request.headers.toJSON(), host: "management.azure.com" },
        ...(typeof request.body === "string" && { payload: request.body }),
      });
      return { request, status: answer.statusCode, headers: headersOf(answer.headers), bodyAsText: answer.body };
    },
  };
  const getToken = async () => ({
    token: await arm.token("deployer", origin),
    expiresOnTimestamp: Date.now() + 3_600_000,
  });
  return new SynapseManagementClient({ getToken }, subscription.subscriptionId, { httpClient });
}

describe.each(styles)("a PUT answered as %s", (style) => {
  it("is followed to its end by the official client, and applied before that", async () => {
    const applied: string[] = [];
    const arm = await started(workspaces(style, async ({ name }) => void applied.push(name)));
    const requests: string[] = [];
    const client = officialClient(arm, requests);
    const created = await client.workspaces.beginCreateOrUpdateAndWait("rg", "ws", { location: "eastus" });
    expect(created).toMatchObject({ id: workspace, name: "ws", location: "eastus" });
    if (style !== "synchronous") expect(created.provisioningState).toBe("Succeeded");
    expect(applied).toEqual(["ws"]);
    expect(requests.length).toBeLessThanOrEqual(3);
    await client.workspaces.beginDeleteAndWait("rg", "ws");
    expect(await arm.refusal("GET", workspace)).toBe("404 ResourceNotFound");
  });
});

describe("the first answer of a PUT", () => {
  const first = async (style: PutStyle) => {
    const { opened, open } = gate();
    const arm = await started(workspaces(style, () => opened));
    const answer = await arm.call("PUT", workspace, { body });
    const state = stateOf(await arm.call("GET", workspace));
    const busy = await arm.refusal("PUT", workspace, { body });
    open();
    await arm.arm.context.operations.settled();
    return { arm, answer, state, busy };
  };

  it.each(asynchronous)("as %s comes while the work goes on, which shows and excludes other writes", async (style) => {
    const { arm, answer, state, busy } = await first(style);
    expect(answer.headers["retry-after"]).toBe("1");
    expect([state, busy]).toEqual(["Provisioning", "409 AnotherOperationInProgress"]);
    expect(stateOf(await arm.call("GET", workspace))).toBe("Succeeded");
    expect(arm.platform.store.get("SELECT COUNT(*) AS count FROM operations WHERE sealed_request IS NOT NULL")).toEqual(
      { count: 0 },
    );
  });

  it("has the headers of its style", async () => {
    const location = (await first("location")).answer;
    expect([location.status, location.body, location.headers["azure-asyncoperation"]]).toEqual([202, {}, undefined]);
    expect(location.headers["content-type"]).toContain("text/plain");
    const alone = (await first("asyncOperation")).answer;
    expect([alone.status, alone.headers["location"]]).toEqual([201, undefined]);
    expect(alone.headers["azure-asyncoperation"]).toMatch(
      new RegExp(`^${origin}${workspace}/operationStatuses/[0-9a-f-]{36}\\?api-version=2024-03-01$`),
    );
    const both = (await first("asyncOperationAndLocation")).answer;
    expect(both.headers["location"]).toContain(`${workspace}/operationResults/`);
  });
});

describe("a poll", () => {
  it("says InProgress while the work goes on, then Succeeded; the Location 202, then the resource", async () => {
    const { opened, open } = gate();
    const arm = await started(workspaces("asyncOperationAndLocation", () => opened));
    const { headers } = await arm.call("PUT", workspace, { body });
    const poll = (header: string) => arm.call("GET", String(headers[header]).slice(origin.length));
    expect(await poll("azure-asyncoperation")).toMatchObject({
      status: 200,
      body: { status: "InProgress" },
      headers: { "retry-after": "1" },
    });
    expect(await poll("location")).toMatchObject({ status: 202, headers: { location: headers["location"] } });
    open();
    await arm.arm.context.operations.settled();
    expect(await poll("azure-asyncoperation")).toMatchObject({ status: 200, body: { status: "Succeeded" } });
    expect(await poll("location")).toMatchObject({ status: 200, body: { id: workspace } });
  });

  it("tells the work's own refusal: in the status, as a 4xx at a Location, and as Failed in the resource", async () => {
    const apply = () => Promise.reject(new AzureError(409, "NameTaken", "The name is taken."));
    for (const style of asynchronous) {
      const arm = await started(workspaces(style, apply));
      const { headers } = await arm.call("PUT", workspace, { body });
      await arm.arm.context.operations.settled();
      expect(stateOf(await arm.call("GET", workspace))).toBe("Failed");
      const status = headers["azure-asyncoperation"];
      const error = { code: "NameTaken", message: "The name is taken." };
      if (status !== undefined) {
        const polled = await arm.call("GET", String(status).slice(origin.length));
        expect(polled).toMatchObject({ status: 200, body: { status: "Failed", error } });
      }
      if (headers["location"] !== undefined) {
        const polled = await arm.call("GET", String(headers["location"]).slice(origin.length));
        expect(polled).toMatchObject({ status: 409, body: { error } });
      }
    }
  });

  it("is answered only to the caller and to those who may read", async () => {
    const arm = await started(workspaces("asyncOperation"));
    const { headers } = await arm.call("PUT", workspace, { body });
    const path = String(headers["azure-asyncoperation"]).slice(origin.length);
    expect(await arm.refusal("GET", path, { as: "trigger" })).toBe("403 AuthorizationFailed");
    expect(await arm.refusal("GET", path.replace(/[0-9a-f-]{36}\?/, "nothing?"))).toBe("404 OperationNotFound");
  });
});

describe("after a restart", () => {
  it("an operation that had ended is still answered, and one that had not is applied again", async () => {
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const killed = await (
      await TestArm.start([workspaces("asyncOperation", () => new Promise(() => undefined))], store)
    ).withGroup();
    const { headers } = await killed.call("PUT", workspace, { body });
    const applied: unknown[] = [];
    const type = workspaces("asyncOperation", async (resource, request) => {
      applied.push(resource.body["properties"], request.body, request.caller.displayName);
    });
    const arm = await TestArm.start([type], store);
    const poll = () => arm.call("GET", String(headers["azure-asyncoperation"]).slice(origin.length));
    expect((await poll()).body["status"]).toBe("InProgress");
    const service = await createResourceManager({ platform: arm.platform, types: [type], accessControl: arm.access });
    await service.resume?.();
    expect((await poll()).body["status"]).toBe("Succeeded");
    expect(applied).toEqual([{ publicNetworkAccess: "Enabled", provisioningState: "Succeeded" }, body, "deployer"]);
    expect(stateOf(await arm.call("GET", workspace))).toBe("Succeeded");
    await service.close();
  });

  it("a group's deletion goes on", async () => {
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const never: Partial<ResourceType> = { remove: () => new Promise(() => undefined) };
    const killed = await (await TestArm.start([plainType("Microsoft.Test/boxes", never)], store)).withGroup();
    await killed.call("PUT", `${group}/providers/Microsoft.Test/boxes/one`, { body });
    await killed.call("DELETE", group);
    const types = [plainType("Microsoft.Test/boxes")];
    const arm = await TestArm.start(types, store);
    const service = await createResourceManager({ platform: arm.platform, types, accessControl: arm.access });
    await service.resume?.();
    expect(await arm.refusal("GET", group)).toBe("404 ResourceGroupNotFound");
    await service.close();
  });

  it("no secret of a request is readable in the database meanwhile", async () => {
    const arm = await started(workspaces("asyncOperation", () => new Promise(() => undefined)));
    await arm.call("PUT", workspace, { body: { ...body, identity: { secret: "hunter2-hunter2" } } });
    const rows = ["operations", "resources"].map((table) => arm.platform.store.all(`SELECT * FROM ${table}`));
    expect(JSON.stringify(rows)).not.toContain("hunter2-hunter2");
  });
});

describe("while something is being deleted", () => {
  const child = `${workspace}/firewallRules/one`;
  const slow = (putStyle: PutStyle, removal: Promise<void>, began = gate()) => {
    const remove = () => {
      began.open();
      return removal;
    };
    return [
      plainType("Microsoft.Synapse/workspaces", { putStyle, remove }),
      plainType("Microsoft.Synapse/workspaces/firewallRules"),
    ];
  };

  it.each(styles)("answered as %s, neither it nor anything below it can be written or deleted", async (putStyle) => {
    const [{ opened, open }, began] = [gate(), gate()];
    const arm = await (await TestArm.start(slow(putStyle, opened, began))).withGroup();
    await arm.call("PUT", workspace, { body });
    await arm.arm.context.operations.settled();
    const deletion = arm.call("DELETE", workspace);
    await began.opened;
    expect(await arm.refusal("DELETE", workspace)).toBe("409 AnotherOperationInProgress");
    expect(await arm.refusal("PUT", workspace, { body })).toBe("409 AnotherOperationInProgress");
    expect(await arm.refusal("PUT", child, { body: {} })).toBe("409 AnotherOperationInProgress");
    open();
    expect([200, 202]).toContain((await deletion).status);
    await arm.arm.context.operations.settled();
    expect(arm.platform.resources.below(workspace)).toEqual([]);
    expect(await arm.refusal("GET", workspace)).toBe("404 ResourceNotFound");
  });

  it("answered at its end, a restart goes on with it", async () => {
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const began = gate();
    const never = slow("synchronous", new Promise(() => undefined), began);
    const killed = await (await TestArm.start(never, store)).withGroup();
    await killed.call("PUT", workspace, { body });
    void killed.call("DELETE", workspace);
    await began.opened;
    const types = slow("synchronous", Promise.resolve());
    const arm = await TestArm.start(types, store);
    const service = await createResourceManager({ platform: arm.platform, types, accessControl: arm.access });
    await service.resume?.();
    expect(await arm.refusal("GET", workspace)).toBe("404 ResourceNotFound");
    await service.close();
  });
});

describe("while something below is being written", () => {
  it("a resource cannot be deleted", async () => {
    const { opened, open } = gate();
    const rules = plainType("Microsoft.Synapse/workspaces/firewallRules", {
      putStyle: "asyncOperation",
      apply: () => opened,
    });
    const arm = await (await TestArm.start([plainType("Microsoft.Synapse/workspaces"), rules])).withGroup();
    await arm.call("PUT", workspace, { body });
    await arm.call("PUT", `${workspace}/firewallRules/one`, { body: {} });
    expect(await arm.refusal("DELETE", workspace)).toBe("409 AnotherOperationInProgress");
    open();
    await arm.arm.context.operations.settled();
    expect((await arm.call("DELETE", workspace)).status).toBe(200);
  });
});

describe("an update that was answered at its end", () => {
  it("leaves the resource as it was when it fails after a restart", async () => {
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const accounts = (apply?: ResourceType["apply"]) =>
      plainType("Microsoft.Test/accounts", { putStyle: "location", ...(apply && { apply }) });
    const account = `${group}/providers/Microsoft.Test/accounts/one`;
    const made = await (await TestArm.start([accounts()], store)).withGroup();
    await made.call("PUT", account, { body });
    await made.arm.context.operations.settled();
    const began = gate();
    const never = () => new Promise<void>(began.open);
    const killed = await TestArm.start([accounts(never)], store);
    void killed.call("PUT", account, { body: { ...body, properties: { publicNetworkAccess: "Disabled" } } });
    await began.opened;
    const types = [accounts(() => Promise.reject(new AzureError(409, "NameTaken", "The name is taken.")))];
    const arm = await TestArm.start(types, store);
    const service = await createResourceManager({ platform: arm.platform, types, accessControl: arm.access });
    await service.resume?.();
    expect((await arm.call("GET", account)).body["properties"]).toEqual({
      publicNetworkAccess: "Enabled",
      provisioningState: "Succeeded",
    });
    await service.close();
  });
});
