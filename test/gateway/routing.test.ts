import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostSuffixes } from "../../contract/hosts.js";
import { destinationOf, routeOf } from "../../emulator/gateway/routing.js";
import type { Service } from "../../emulator/platform/service.js";

/** Serves kv1 and knows that no other vault exists. */
const vaults: Service = {
  name: "vaults",
  answersFor: (host) =>
    host === "kv1.vault.azure.net" ? "live" : host.endsWith(".vault.azure.net") ? "unknown" : undefined,
  handle: () => {},
  close: async () => {},
};
const route = (host: string, options: { port?: number; offline?: boolean } = {}) =>
  routeOf({ host, port: options.port ?? 443 }, { services: [vaults], offline: options.offline ?? false });

describe("a CONNECT target", () => {
  it("is a host and a port", () => {
    expect(destinationOf("kv1.vault.azure.net:443")).toEqual({ host: "kv1.vault.azure.net", port: 443 });
    expect(destinationOf("[::1]:8443")).toEqual({ host: "[::1]", port: 8443 });
  });

  it("is the same host in capitals and with the dot of a full name", () => {
    expect(destinationOf("Management.Azure.COM.:443")).toEqual({ host: "management.azure.com", port: 443 });
  });

  it.each([undefined, "", "host", "host:", ":443", "host:0", "host:65536", "ho st:443", "host:443/path", "a\r\nb:443"])(
    "is refused when it reads %j",
    (target) => {
      expect(destinationOf(target)).toBeUndefined();
    },
  );
});

describe("a host name", () => {
  it("that a service answers for is emulated", () => {
    expect(route("kv1.vault.azure.net")).toEqual({ kind: "emulated" });
  });

  it("of a kind that is emulated, but nobody's, is refused like a name that does not resolve", () => {
    expect(route("kv2.vault.azure.net")).toEqual({
      kind: "refused",
      status: 502,
      reason: "kv2.vault.azure.net: no resource of that name exists",
    });
  });

  it("that is emulated is not served on another port", () => {
    expect(route("kv1.vault.azure.net", { port: 8443 })).toMatchObject({
      reason: "kv1.vault.azure.net is emulated on port 443 only, not on 8443",
    });
  });

  it.each([
    "management.azure.com",
    "portal.azure.com",
    "acr1.azurecr.io",
    "login.microsoftonline.us",
    "dc.services.visualstudio.com",
  ])("of Azure that nothing emulates is refused by name: %s", (host) => {
    expect(route(host)).toEqual({ kind: "refused", status: 502, reason: `${host} is not emulated` });
  });

  it("that is not Azure's is tunnelled, or refused when offline", () => {
    expect(route("registry.npmjs.org")).toEqual({ kind: "tunnel" });
    expect(route("notazure.com")).toEqual({ kind: "tunnel" });
    expect(route("registry.npmjs.org", { offline: true })).toEqual({
      kind: "refused",
      status: 403,
      reason: "registry.npmjs.org is not a host of the emulator, which runs offline",
    });
  });

  it("below an emulated suffix is never tunnelled, whatever stands before it and whatever the port", () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,20}[a-zA-Z0-9])?$/);
    const suffix = fc.constantFrom(...Object.values(hostSuffixes));
    fc.assert(
      fc.property(label, suffix, fc.boolean(), fc.integer({ min: 1, max: 65_535 }), (name, end, dot, port) => {
        const destination = destinationOf(`${name}${end}${dot ? "." : ""}:${port}`);
        expect(destination).toBeDefined();
        if (destination) expect(routeOf(destination, { services: [], offline: false }).kind).toBe("refused");
      }),
    );
  });
});
