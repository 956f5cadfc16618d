import { describe, expect, it } from "vitest";
import { createTokenSource } from "../../../runtime/auth/credential.js";
import { signInError } from "../../../runtime/auth/signInError.js";
import { UnreachableError } from "../../../runtime/http/errors.js";
import { ManualClock } from "../../helpers/manualClock.js";

/** Hands out numbered tokens that live for `lifeMs`, and remembers the scopes it was asked for. */
function countingCredential(clock: ManualClock, lifeMs: number) {
  const scopes: string[] = [];
  return {
    scopes,
    getToken: async (scope: string | string[]) => {
      scopes.push(String(scope));
      return { token: `token-${scopes.length}`, expiresOnTimestamp: clock.now().getTime() + lifeMs };
    },
  };
}

describe("tokens", () => {
  it("are asked for by audience and kept until shortly before they end", async () => {
    const clock = new ManualClock();
    const credential = countingCredential(clock, 3_600_000);
    const tokens = createTokenSource({ environment: {}, clock, credential });
    expect(await tokens.token("https://dev.azuresynapse.net")).toBe("token-1");
    expect(await tokens.token("https://storage.azure.com/")).toBe("token-2");
    await clock.advance(3_600_000 - 5 * 60_000 - 1);
    expect(await tokens.token("https://dev.azuresynapse.net")).toBe("token-1");
    await clock.advance(1);
    expect(await tokens.token("https://dev.azuresynapse.net")).toBe("token-3");
    expect(credential.scopes).toEqual([
      "https://dev.azuresynapse.net/.default",
      "https://storage.azure.com/.default",
      "https://dev.azuresynapse.net/.default",
    ]);
  });

  it("with a short life are used for four fifths of it", async () => {
    const clock = new ManualClock();
    const tokens = createTokenSource({ environment: {}, clock, credential: countingCredential(clock, 60_000) });
    await tokens.token("a");
    await clock.advance(47_999);
    expect(await tokens.token("a")).toBe("token-1");
    await clock.advance(1);
    expect(await tokens.token("a")).toBe("token-2");
  });

  it("are fetched once for callers at the same time, and again after a failure", async () => {
    const clock = new ManualClock();
    const good = countingCredential(clock, 3_600_000);
    let fail = true;
    const credential = {
      getToken: async (scope: string | string[]) => {
        if (fail) throw new Error("AADSTS90002: Tenant 'x' not found. Trace ID: 1");
        return good.getToken(scope);
      },
    };
    const tokens = createTokenSource({ environment: {}, clock, credential });
    await expect(tokens.token("a")).rejects.toMatchObject({
      exitCode: 3,
      message: "sign-in for a failed: AADSTS90002: Tenant 'x' not found.",
      cure: "check AZURE_TENANT_ID",
    });
    fail = false;
    expect(await Promise.all([tokens.token("a"), tokens.token("a")])).toEqual(["token-1", "token-1"]);
  });
});

describe("a sign-in that fails after one that worked", () => {
  it("may pass, also where no identity is found any more; the first one that fails so does not", async () => {
    const clock = new ManualClock();
    const good = countingCredential(clock, 3_600_000);
    let isGone = true;
    const credential = {
      getToken: async (scope: string | string[]) => {
        if (isGone) throw new Error("ChainedTokenCredential authentication failed.");
        return good.getToken(scope);
      },
    };
    const tokens = createTokenSource({ environment: {}, clock, credential });
    await expect(tokens.token("a")).rejects.not.toBeInstanceOf(UnreachableError);
    isGone = false;
    const token = await tokens.token("a");
    isGone = true;
    await expect(tokens.token("a", token)).rejects.toBeInstanceOf(UnreachableError);
  });
});

describe("a failed sign-in", () => {
  it.each([
    [
      "invalid_client: Error(s): 7000215 - Timestamp: 2024-05-01 08:00:00Z - Description: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value. Trace ID: 5f Correlation ID: 6a Timestamp: 2024 - Correlation ID: 6a - Trace ID: 5f",
      "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.",
      /AZURE_CLIENT_SECRET must hold the secret's value/,
    ],
    [
      "unauthorized_client Status code: 400\nMore details:\nAADSTS700016: Application with identifier 'x' was not found in the directory 'y'.,",
      "AADSTS700016: Application with identifier 'x' was not found in the directory 'y'.",
      /check AZURE_CLIENT_ID/,
    ],
    [
      "ChainedTokenCredential authentication failed.\nCredentialUnavailableError: EnvironmentCredential is unavailable.",
      "this machine has no identity to sign in with",
      /az login/,
    ],
    [
      "network_error: See https://aka.ms/msal.js.errors#network_error for details",
      "login.microsoftonline.com is not reachable",
      /check the network, HTTPS_PROXY/,
    ],
  ])("carries Entra's own sentence and the cure: %s", (message, sentence, cure) => {
    const error = signInError(new Error(message), "https://dev.azuresynapse.net", {});
    expect(error.message).toBe(`sign-in for https://dev.azuresynapse.net failed: ${sentence}`);
    expect(error.cure).toMatch(cure);
    expect(error instanceof UnreachableError).toBe(sentence.endsWith("is not reachable"));
  });

  const refused = "AADSTS7000222: The provided client secret keys for app 'x' are expired.";
  const chain = "ChainedTokenCredential authentication failed.\nAzureCliCredential: timed out";
  const serverError =
    "server_error: Error(s):  - Timestamp: 2024-05-01 08:00:00Z - Description: The service is not available. Trace ID: 5f Correlation ID: 6a";

  it.each([
    ["a fault of Entra ID's own", serverError, false, true],
    [
      "a throttled one",
      "invalid_request: Error(s):  - Description: The request was throttled. Trace ID: 5f",
      false,
      true,
    ],
    ["a state of Entra ID's that passes", "AADSTS90033: A transient error has occurred.", false, true],
    ["an answer that is not Entra ID's", "Unexpected token '<', \"<html>\" is not valid JSON", false, true],
    ["no identity, although there was one", chain, true, true],
    ["no identity, and none before", chain, false, false],
    ["a refusal", refused, false, false],
    ["a refusal after a sign-in that worked", `${chain}\n${refused}`, true, false],
  ])("may pass or not: %s", (_what, message, worked, passes) => {
    const error = signInError(new Error(message), "a", {}, worked);
    expect([error instanceof UnreachableError, error.exitCode]).toEqual([passes, 3]);
  });

  it("by a fault of the sign-in service says so: its sentence, and to try again instead of to sign in", () => {
    const error = signInError(new Error(serverError), "a", {});
    expect(error.message).toBe("sign-in for a failed: The service is not available.");
    expect(error.cure).toBe("the sign-in service is busy or has a fault of its own: try again");
  });

  it("names the proxy where the sign-in service is not reached through one, and the variable that names it", () => {
    const unreached = new Error("network_error: See https://aka.ms/msal.js.errors#network_error for details");
    const error = signInError(unreached, "a", { HTTPS_PROXY: "http://user:s3cret@127.0.0.1:9" });
    expect(error.message).toBe(
      "sign-in for a failed: login.microsoftonline.com is not reachable through the proxy http://***@127.0.0.1:9, which HTTPS_PROXY names",
    );
    expect(error.cure).toBe(
      "does the proxy http://***@127.0.0.1:9 still run? start it again, or correct or unset HTTPS_PROXY",
    );
  });

  it("never carries the secret", () => {
    const error = signInError(new Error("cannot use s3cret-value"), "a", { AZURE_CLIENT_SECRET: "s3cret-value" });
    expect(error.message).not.toContain("s3cret");
  });
});
