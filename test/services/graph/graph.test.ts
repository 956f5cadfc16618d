import { beforeEach, describe, expect, it } from "vitest";
import { type PrincipalName, principals, subscription } from "../../../emulator/platform/subscription.js";
import { createGraph } from "../../../emulator/services/graph/index.js";
import { sendInProcess } from "../../helpers/sendInProcess.js";
import { type TestPlatform, testPlatform } from "../storage/platform.js";

const resourceId = "/subscriptions/s/resourcegroups/rg/providers/microsoft.synapse/workspaces/ws1";
const audience = "https://graph.microsoft.com";

let platform: TestPlatform;
let handle: Awaited<ReturnType<typeof createGraph>>["handle"];
beforeEach(async () => {
  platform = await testPlatform({ now: () => new Date("2026-03-01T08:00:00.123Z") });
  platform.directory.managedIdentity(resourceId, "ws1");
  platform.directory.managedIdentity(`${resourceId}2`, "it's or that");
  ({ handle } = await createGraph(platform));
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: {
    readonly value: readonly { readonly id: string; readonly displayName: string }[];
    readonly "@odata.nextLink"?: string;
    readonly error: { readonly code: string; readonly message: string; readonly innerError: object };
  };
}

async function send(
  path: string,
  options: {
    as?: PrincipalName | null;
    audience?: string;
    body?: object | string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const { as = "deployer", body } = options;
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  const answer = await sendInProcess(handle, {
    method: text === undefined ? "GET" : "POST",
    url: path,
    headers: {
      host: "graph.microsoft.com",
      ...(as && { authorization: await platform.bearer(as, options.audience ?? audience) }),
      ...(text !== undefined && { "content-type": "application/json", "content-length": String(text.length) }),
      ...options.headers,
    },
    body: text === undefined ? undefined : Buffer.from(text),
  });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(String(answer.body)) };
}

const getByIds = (ids: readonly string[], types?: readonly string[]) =>
  send("/v1.0/directoryObjects/getByIds", { body: { ids, types } });
const filtered = async (filter: string, set = "servicePrincipals") => {
  const { body } = await send(`/v1.0/${set}?$filter=${encodeURIComponent(filter)}`);
  return body.value?.map(({ displayName }) => displayName) ?? body.error;
};

describe("who may ask Microsoft Graph", () => {
  it("nobody without a token: 401 with a challenge", async () => {
    const { status, headers, body } = await send("/v1.0/servicePrincipals", { as: null });
    expect([status, body.error.code, body.error.message]).toEqual([
      401,
      "InvalidAuthenticationToken",
      "Access token is empty.",
    ]);
    expect(headers["www-authenticate"]).toMatch(/^Bearer /);
  });

  it("nobody with a token for another resource", async () => {
    const { status, body } = await send("/v1.0/servicePrincipals", { audience: "https://management.azure.com" });
    expect([status, body.error.message]).toEqual([401, "Access token validation failure. Invalid audience."]);
  });

  it("no application that was not granted Directory.Read.All", async () => {
    for (const as of ["scoring", "trigger", "operator"] as const) {
      const { status, body } = await send("/v1.0/servicePrincipals", { as });
      expect([status, body.error.code, body.error.message]).toEqual([
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
      ]);
    }
  });
});

describe("getByIds", () => {
  it("names the principals of the ids, leaves out what it does not know, and ignores case", async () => {
    const { objectId, appId } = principals.trigger;
    const { status, body } = await getByIds([objectId.toUpperCase(), "11111111-1111-4111-8111-111111111111"]);
    expect(status).toBe(200);
    expect(body.value).toEqual([
      expect.objectContaining({
        "@odata.type": "#microsoft.graph.servicePrincipal",
        id: objectId,
        appId,
        servicePrincipalNames: [appId],
        servicePrincipalType: "Application",
        appOwnerOrganizationId: subscription.tenantId,
      }),
    ]);
  });

  it("looks among the asked types alone", async () => {
    const { objectId } = principals.trigger;
    expect((await getByIds([objectId], ["user", "group"])).body.value).toEqual([]);
    expect((await getByIds([objectId], ["user", "servicePrincipal"])).body.value).toHaveLength(1);
    expect((await getByIds([objectId], [])).body.value).toHaveLength(1);
  });

  it("refuses what is no id, no list, no JSON, and too many", async () => {
    const { objectId } = principals.trigger;
    for (const body of [{ ids: ["x"] }, {}, { ids: Array(1001).fill(objectId) }, "{"]) {
      const answer = await send("/v1.0/directoryObjects/getByIds", { body });
      expect(answer.status).toBe(400);
      expect(answer.body.error.code).toMatch(/^(Request_)?BadRequest$/);
    }
  });
});

describe("lists", () => {
  it.each([
    [`servicePrincipalNames/any(c:c eq '${principals.scoring.appId}')`, ["scoring application"]],
    [`appId eq '${principals.operator.appId.toUpperCase()}'`, ["operator"]],
    ["displayName eq 'deployer' or displayName eq 'operator'", ["deployer", "operator"]],
    ["servicePrincipalType eq 'ManagedIdentity' and displayName eq 'ws1'", ["ws1"]],
    ["startswith(displayName,'trig')", ["trigger application"]],
    ["servicePrincipalType eq 'ManagedIdentity' and displayName eq 'deployer'", []],
    ["displayName eq 'it''s or that'", ["it's or that"]],
  ])("find by the filter %s", async (filter, names) => {
    expect(await filtered(filter)).toEqual(names);
  });

  it.each(["displayName", "displayName ne 'x'", "colour eq 'red'", "displayName eq 'x' or"])(
    "refuse the filter %s",
    async (filter) => {
      expect(await filtered(filter)).toMatchObject({
        code: "BadRequest",
        message: expect.stringMatching(/^Invalid filter clause: /),
      });
    },
  );

  it("of users and groups are empty: the tenant has none", async () => {
    expect(await filtered("userPrincipalName eq 'a@b' or mail eq 'a@b'", "users")).toEqual([]);
    expect(await filtered("mail eq 'a@b'", "groups")).toEqual([]);
  });

  it("come in pages that link to the next", async () => {
    const names: string[] = [];
    for (let path: string | undefined = "/v1.0/servicePrincipals?$top=2"; path; ) {
      const { body }: Answer = await send(path);
      names.push(...body.value.map(({ displayName }) => displayName));
      path = body["@odata.nextLink"]?.slice(audience.length);
    }
    expect(names.sort()).toEqual([
      "deployer",
      "it's or that",
      "operator",
      "scoring application",
      "trigger application",
      "ws1",
    ]);
    expect((await send("/v1.0/servicePrincipals?$top=0")).status).toBe(400);
  });
});

describe("single objects", () => {
  it("are read by their id, a managed identity with its resource", async () => {
    const identity = platform.directory.byResourceId(resourceId);
    const { body } = await send(`/v1.0/servicePrincipals/${identity?.objectId}`);
    expect(body).toMatchObject({
      servicePrincipalType: "ManagedIdentity",
      alternativeNames: ["isExplicit=False", resourceId],
    });
    expect((await send(`/v1.0/directoryObjects/${identity?.objectId}`)).body).toMatchObject({ displayName: "ws1" });
  });

  it("that are not there are 404, with the request's ids and time in innerError", async () => {
    const clientId = "22222222-2222-4222-8222-222222222222";
    const { status, headers, body } = await send("/v1.0/users/nobody", { headers: { "client-request-id": clientId } });
    expect(status).toBe(404);
    expect(body.error).toEqual({
      code: "Request_ResourceNotFound",
      message: "Resource 'nobody' does not exist or one of its queried reference-property objects are not present.",
      innerError: {
        date: "2026-03-01T08:00:00",
        "request-id": headers["x-ms-request-id"],
        "client-request-id": clientId,
      },
    });
  });

  it("/me is no application's", async () => {
    const { status, body } = await send("/v1.0/me");
    expect([status, body.error.message]).toEqual([
      400,
      "/me request is only valid with delegated authentication flow.",
    ]);
  });
});

it("what is not supported is refused by name", async () => {
  const applications = await send("/v1.0/applications");
  expect([applications.status, applications.body.error.message]).toEqual([
    501,
    "The emulator does not support GET /v1.0/applications of Microsoft Graph.",
  ]);
  const expanded = await send("/v1.0/servicePrincipals?$expand=owners");
  expect([expanded.status, expanded.body.error.code]).toEqual([501, "NotImplemented"]);
});
