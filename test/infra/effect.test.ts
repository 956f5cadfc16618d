import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { virtualClock } from "../../contract/virtualClock.js";
import { cureOf, untilInEffect, waitableOf } from "../../infra/dataplane/effect.js";
import type { Answer } from "../../infra/dataplane/http.js";

function refused(status: number, code: string, message = ""): Answer {
  return { status, headers: {}, text: "", json: { error: { code, message } } };
}

const granted: Answer = { status: 200, headers: {}, text: "{}", json: {} };
let stderr: MockInstance<typeof console.error>;
beforeEach(() => {
  stderr = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => stderr.mockRestore());

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
  const patience = { effectSeconds: 600, principalSeconds: 90 };

  /** How long it is waited, in seconds, while the answer stays the same. */
  async function secondsOf(answer: Answer | Error): Promise<number> {
    const clock = virtualClock();
    const start = clock.now().getTime();
    const request = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
    const outcome = await untilInEffect(patience, request, clock).catch((error: unknown) => error);
    expect(outcome).toBe(answer);
    return (clock.now().getTime() - start) / 1_000;
  }

  it("repeats the request until it is granted", async () => {
    const answers = [refused(403, "Unauthorized"), refused(403, "Unauthorized"), granted];
    const outcome = await untilInEffect(patience, async () => answers.shift() ?? granted, virtualClock());
    expect(outcome).toBe(granted);
    expect(answers).toEqual([]);
  });

  it("ends with the refusal at the deadline of its kind: 90 s for a principal that stays unknown", async () => {
    expect(await secondsOf(refused(400, "InvalidPrincipalId"))).toBe(90);
    expect(await secondsOf(refused(403, "ClientIpAddressNotAuthorized"))).toBe(600);
    expect(await secondsOf(Object.assign(new Error("no such host"), { code: "ENOTFOUND" }))).toBe(600);
  });

  it("fails at once on what is not in the table", async () => {
    expect(await secondsOf(refused(403, "Forbidden"))).toBe(0);
    expect(await secondsOf(new Error("reset"))).toBe(0);
  });

  it("says once what it waits for and how long at most", async () => {
    const waiting = () => {
      const answers = [refused(400, "InvalidPrincipalId")];
      const request = async () => answers.shift() ?? granted;
      return untilInEffect({ effectSeconds: 60, principalSeconds: 7 }, request, virtualClock());
    };
    await Promise.all([waiting(), waiting()]);
    await waiting();
    expect(stderr.mock.calls).toEqual([["Waiting for the principal to be known, 7 s at most (InvalidPrincipalId)"]]);
  });
});
