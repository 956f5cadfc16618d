import { describe, expect, it } from "vitest";
import { cureOf, untilInEffect, waitableOf } from "../../infra/dataplane/effect.js";
import type { Answer } from "../../infra/dataplane/http.js";

function refused(status: number, code: string, message = ""): Answer {
  return { status, headers: {}, text: "", json: { error: { code, message } } };
}

const granted: Answer = { status: 200, headers: {}, text: "{}", json: {} };
const impatient = { effectSeconds: 0, principalSeconds: 0 };

describe("an answer", () => {
  it.each([
    [403, "ClientIpAddressNotAuthorized", "effectSeconds"],
    [403, "Unauthorized", "effectSeconds"],
    [400, "InvalidPrincipalId", "principalSeconds"],
  ] as const)("%i %s is waited for", (status, code, patience) => {
    expect(waitableOf(refused(status, code))?.patience).toBe(patience);
  });

  it.each([
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [400, "BadRequest"],
    [404, "WorkspaceNotFound"],
    [500, "InternalServerError"],
  ])("%i %s fails at once", (status, code) => {
    expect(waitableOf(refused(status, code))).toBeUndefined();
  });

  it("that never came is waited for when the name is not known yet", () => {
    expect(waitableOf(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }))?.patience).toBe("effectSeconds");
    expect(waitableOf(new Error("AADSTS500011: The resource principal was not found"))?.patience).toBe("effectSeconds");
    expect(waitableOf(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }))).toBeUndefined();
  });

  it("names the address to allow", () => {
    const answer = refused(403, "ClientIpAddressNotAuthorized", "Client Ip address : 10.1.2.3");
    expect(cureOf(answer)).toContain("allowedIpAddresses[0]' 10.1.2.3");
    expect(cureOf(refused(403, "Unauthorized"))).toBe("");
  });
});

describe("waiting for effect", () => {
  it("repeats the request until it is granted", async () => {
    const answers = [refused(403, "Unauthorized"), granted];
    const outcome = await untilInEffect(
      { effectSeconds: 60, principalSeconds: 0 },
      async () => answers.shift() ?? granted,
    );
    expect(outcome).toBe(granted);
    expect(answers).toEqual([]);
  });

  it("returns the refusal when there is no patience left, by the kind of refusal", async () => {
    const answer = refused(400, "InvalidPrincipalId");
    await expect(untilInEffect({ ...impatient, effectSeconds: 60 }, async () => answer)).resolves.toBe(answer);
    const error = Object.assign(new Error("no such host"), { code: "ENOTFOUND" });
    await expect(untilInEffect(impatient, () => Promise.reject(error))).rejects.toBe(error);
  });
});
