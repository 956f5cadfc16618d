import { describe, expect, it, onTestFinished } from "vitest";
import { createTokenSource } from "../../../runtime/auth/credential.js";
import { createHttpClient } from "../../../runtime/http/client.js";
import { createSynapseClient } from "../../../runtime/synapse/client.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { startSynapseServer } from "../helpers/synapseServer.js";

describe("a token that the service takes no longer", () => {
  it("is replaced and the request sent again, whatever the clock here says of the token's life", async () => {
    const clock = new ManualClock();
    let tokens = 0;
    const credential = {
      getToken: async () => ({ token: `token-${++tokens}`, expiresOnTimestamp: clock.now().getTime() + 86_400_000 }),
    };
    const server = await startSynapseServer({
      before: ({ request, answer }) => {
        if (request.headers.authorization !== "Bearer token-1") return false;
        answer(401, { code: "ExpiredAuthenticationToken", message: "The token is expired." });
        return true;
      },
    });
    const http = createHttpClient({ environment: {}, clock, random: () => 0.5 });
    onTestFinished(() => http.close());
    const source = createTokenSource({ environment: {}, clock, credential });
    const synapse = createSynapseClient(server.url, http, source);
    expect((await synapse.listPipelines()).length).toBe(0);
    expect(server.authorizations).toEqual(["Bearer token-1", "Bearer token-2"]);
    await synapse.listPipelines();
    expect(server.authorizations.at(-1)).toBe("Bearer token-2");
  });

  it("is refused for good when the next one is refused, too: one more try, no loop", async () => {
    const clock = new ManualClock();
    let tokens = 0;
    const credential = { getToken: async () => ({ token: `token-${++tokens}`, expiresOnTimestamp: 9e15 }) };
    const server = await startSynapseServer({
      before: ({ answer }) => {
        answer(401, { code: "AuthenticationFailed", message: "Not yours." });
        return true;
      },
    });
    const http = createHttpClient({ environment: {}, clock, random: () => 0.5 });
    onTestFinished(() => http.close());
    const synapse = createSynapseClient(server.url, http, createTokenSource({ environment: {}, clock, credential }));
    await expect(synapse.listPipelines()).rejects.toMatchObject({ status: 401, exitCode: 3 });
    expect(server.requests).toHaveLength(2);
  });
});
