import { describe, expect, it } from "vitest";
import { faultKinds } from "../../emulator/platform/faults/faultKinds.js";
import { faultRule } from "../../emulator/platform/faults/faultRule.js";
import { openFaults } from "../../emulator/platform/faults/faults.js";

const target = { host: "kv1.vault.azure.net", method: "GET", path: "/secrets/clientid", hasToken: true };

/** Which of so many equal requests meet the fault. */
function struck(faults: ReturnType<typeof openFaults>, requests: number): number[] {
  return Array.from({ length: requests }, (_, index) => index).filter(() => faults.meet(target) !== undefined);
}

describe("the faults that were asked for", () => {
  it.each([
    [{ host: "kv1.vault.azure.net" }, true],
    [{ host: "*.vault.azure.net" }, true],
    [{ host: "*.VAULT.azure.net" }, true],
    [{ host: "vault.azure.net" }, false],
    [{ host: "kv1xvault.azure.net" }, false],
    [{ path: "/secrets/*" }, true],
    [{ path: "/SECRETS/clientid" }, true],
    [{ path: "/secrets" }, false],
    [{ method: "get" }, true],
    [{ method: "PUT" }, false],
    [{ host: "*.vault.azure.net", path: "/keys/*" }, false],
  ])("strike requests by host, path and method: %j", (where, expected) => {
    const faults = openFaults([{ kind: "reset", ...where }]);
    expect(faults.meet(target) !== undefined).toBe(expected);
  });

  it("strike every request that fits until they are cleared, or as many as were asked for", () => {
    expect(struck(openFaults([{ kind: "reset" }]), 4)).toEqual([0, 1, 2, 3]);
    expect(struck(openFaults([{ kind: "reset", count: 2 }]), 4)).toEqual([0, 1]);
  });

  it("strike with a probability: the same requests for the same seed, others for another", () => {
    const rule = { kind: "reset", probability: 0.2 } as const;
    const first = struck(openFaults([{ ...rule, seed: 7 }]), 1_000);
    expect(struck(openFaults([{ ...rule, seed: 7 }]), 1_000)).toEqual(first);
    expect(struck(openFaults([{ ...rule, seed: 8 }]), 1_000)).not.toEqual(first);
    expect(first.length).toBeGreaterThan(150);
    expect(first.length).toBeLessThan(250);
  });

  it("meet a request one at a time, the one added first", () => {
    const faults = openFaults([
      { kind: "throttle", count: 1 },
      { kind: "reset", count: 1 },
    ]);
    expect([1, 2, 3].map(() => faults.meet(target)?.rule.kind)).toEqual(["throttle", "reset", undefined]);
  });

  it("count how often they struck, and how often the request was carried out all the same", () => {
    const faults = openFaults([{ kind: "reset", after: true }]);
    faults.meet(target)?.tookEffect();
    faults.meet(target);
    expect(faults.list()).toEqual([{ id: 1, rule: { kind: "reset", after: true }, applied: 2, effects: 1 }]);
  });

  it("expire no token where a request has none", () => {
    const faults = openFaults([{ kind: "expired-token" }]);
    expect(faults.meet({ ...target, hasToken: false })).toBeUndefined();
    expect(faults.list()[0]?.applied).toBe(0);
  });

  it("end when they are cleared, one or all", () => {
    const faults = openFaults([{ kind: "reset" }, { kind: "throttle" }, { kind: "error" }]);
    expect([faults.clear(2), faults.clear(2), faults.list().map(({ id }) => id)]).toEqual([1, 0, [1, 3]]);
    expect([faults.clear(), faults.list()]).toEqual([2, []]);
  });
});

describe("a rule", () => {
  it("is there for every kind", () => {
    for (const kind of faultKinds) {
      expect(faultRule.safeParse({ kind, ...(kind === "latency" && { delayMs: 1 }) }).success, kind).toBe(true);
    }
  });

  it.each([
    [{ kind: "explosion" }],
    [{ kind: "latency" }],
    [{ kind: "reset", delayMs: 5 }],
    [{ kind: "throttle", after: true }],
    [{ kind: "reset", count: 0 }],
    [{ kind: "reset", probability: 1.5 }],
    [{ kind: "reset", host: "" }],
    [{ kind: "reset", often: true }],
  ])("is refused when it makes no sense: %j", (rule) => {
    expect(faultRule.safeParse(rule).success).toBe(false);
  });
});
