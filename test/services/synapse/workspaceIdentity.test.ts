import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpRequest, HttpResponse } from "../../../emulator/engine/ports.js";
import { createIdentityPort } from "../../../emulator/services/synapse/runs/workspaceIdentity.js";
import { toWorkspace } from "../../../emulator/services/synapse/workspaces.js";
import { TestSynapse, workspaceId } from "./testSynapse.js";

let test: TestSynapse;
beforeAll(async () => {
  test = await TestSynapse.start();
  await test.deployWorkspace();
});
afterAll(() => test.close());

/** The port of workspace `ws1` whose way out gives this answer; the requests that went out are collected. */
function portWith(answer: Partial<HttpResponse>) {
  const resource = test.platform.resources.get(workspaceId);
  if (!resource) throw new Error("no workspace");
  const sent: HttpRequest[] = [];
  const outbound = {
    send: async (request: HttpRequest) => {
      sent.push(request);
      return { status: 200, statusText: "OK", headers: {}, body: "", ...answer };
    },
  };
  return { sent, port: createIdentityPort(test.platform, outbound, toWorkspace(resource)) };
}

const application = {
  kind: "servicePrincipal",
  tenant: "contoso.example",
  clientId: "app1",
  clientSecret: "a+b&c%d",
  resource: "https://ml.azure.com",
} as const;

describe("a Web activity's sign-in", () => {
  it("as the workspace gets a token of its managed identity for the resource as it was spelt", async () => {
    const { port, sent } = portWith({});
    const token = await port.token({ kind: "workspace", resource: "https://vault.azure.net/" });
    const check = await test.platform.tokens.check(`Bearer ${token}`, ["https://vault.azure.net"]);
    const own = test.platform.directory.byResourceId(workspaceId);
    expect(check).toMatchObject({ accepted: true, audience: "https://vault.azure.net/", principal: own });
    expect(sent).toEqual([]);
  });

  it("as the workspace fails in the sign-in service's words for a resource that the tenant does not know", async () => {
    await expect(portWith({}).port.token({ kind: "workspace", resource: "https://nothing.example" })).rejects.toThrow(
      /^AADSTS500011: The resource principal named https:\/\/nothing\.example was not found/,
    );
  });

  it("as an application asks the sign-in service with the secret in the form's own coding", async () => {
    const { port, sent } = portWith({ body: JSON.stringify({ access_token: "t1" }) });
    expect(await port.token(application)).toBe("t1");
    expect(sent).toMatchObject([
      {
        method: "POST",
        url: "https://login.microsoftonline.com/contoso.example/oauth2/token",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: "grant_type=client_credentials&client_id=app1&client_secret=a%2Bb%26c%25d&resource=https%3A%2F%2Fml.azure.com",
      },
    ]);
  });

  it("as an application fails with the sign-in service's own sentence", async () => {
    const refusal = JSON.stringify({ error: "invalid_client", error_description: "AADSTS7000215: Invalid secret." });
    await expect(portWith({ status: 401, body: refusal }).port.token(application)).rejects.toThrow(
      "AADSTS7000215: Invalid secret.",
    );
    await expect(portWith({ status: 503, body: "busy" }).port.token(application)).rejects.toThrow("answered 503");
  });

  it("as a user-assigned identity is refused by name", async () => {
    const request = { kind: "userAssigned", credential: "cred1", resource: "https://ml.azure.com" } as const;
    await expect(portWith({}).port.token(request)).rejects.toThrow(/does not support .*cred1/);
  });
});
