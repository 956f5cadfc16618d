import { randomBytes } from "node:crypto";
import { createLocalJWKSet, decodeJwt, type JWK, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { type Directory, openDirectory, type Principal } from "../../emulator/platform/directory.js";
import { openSigningKey } from "../../emulator/platform/signingKey.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import { principals, subscription } from "../../emulator/platform/subscription.js";
import { openTokens } from "../../emulator/platform/tokenAuthority.js";
import type { Tokens } from "../../emulator/platform/tokens.js";
import { testSigningKeyPem } from "../helpers/fixtures.js";

const { tenantId } = subscription;
const audience = "https://vault.azure.net";
const workspaceId = "/subscriptions/s/resourcegroups/g/providers/microsoft.synapse/workspaces/w";
let present: Date;
let store: Store;
let directory: Directory;
let deployer: Principal;
let tokens: Tokens;

const open = (options: { timeScale?: number } = {}) =>
  openTokens({ store, directory, tenantId, now: () => present, signingKeyPem: testSigningKeyPem(), ...options });
const bearer = async (principal = deployer, version: "1.0" | "2.0" = "1.0") =>
  `Bearer ${(await tokens.issue({ principal, audience, version })).accessToken}`;
const refusalOf = async (authorization: string | undefined, audiences = [audience]) => {
  const check = await tokens.check(authorization, audiences);
  return check.accepted ? "accepted" : check.refusal;
};

beforeEach(async () => {
  present = new Date("2026-03-01T12:00:00Z");
  store = openStore(undefined, randomBytes(32));
  directory = openDirectory(store, randomIds);
  deployer = { ...principals.deployer, kind: "Application", resourceId: "" };
  tokens = await open();
});

describe("a token", () => {
  it("has the claims of a version 1 application token", async () => {
    const { accessToken } = await tokens.issue({ principal: deployer, audience, version: "1.0" });
    expect(decodeJwt(accessToken)).toEqual({
      aud: audience,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: 1_772_366_100,
      nbf: 1_772_366_100,
      exp: 1_772_369_999,
      appid: deployer.appId,
      appidacr: "1",
      idp: `https://sts.windows.net/${tenantId}/`,
      idtyp: "app",
      oid: deployer.objectId,
      sub: deployer.objectId,
      tid: tenantId,
      uti: expect.stringMatching(/^[\w-]{22}$/),
      ver: "1.0",
    });
  });

  it("for Microsoft Graph carries the permissions that were granted on it, and no other token does", async () => {
    const rolesFor = async (resource: string, principal = deployer) =>
      decodeJwt((await tokens.issue({ principal, audience: resource, version: "1.0" })).accessToken)["roles"];
    expect(await rolesFor("https://graph.microsoft.com/")).toEqual(["Directory.Read.All"]);
    expect(await rolesFor(audience)).toBeUndefined();
    const trigger: Principal = { ...principals.trigger, kind: "Application", resourceId: "" };
    expect(await rolesFor("https://graph.microsoft.com", trigger)).toBeUndefined();
    expect(await tokens.check(await bearer(), [audience])).toMatchObject({ accepted: true, roles: [] });
  });

  it("of version 2 has another issuer and names the application azp", async () => {
    const claims = decodeJwt((await tokens.issue({ principal: deployer, audience, version: "2.0" })).accessToken);
    expect(claims).toMatchObject({
      iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      azp: deployer.appId,
      azpacr: "1",
      ver: "2.0",
    });
    expect(claims).not.toHaveProperty("appid");
  });

  it("lives an hour less a second, that of a managed identity a day, and names its resource", async () => {
    const identity = directory.managedIdentity(workspaceId, "w");
    const application = await tokens.issue({ principal: deployer, audience, version: "1.0" });
    const managed = await tokens.issue({ principal: identity, audience, version: "1.0" });
    expect(application.expiresInSeconds).toBe(3_599);
    expect(application.expiresOn).toEqual(new Date("2026-03-01T12:59:59Z"));
    expect(managed.expiresInSeconds).toBe(86_399);
    expect(decodeJwt(managed.accessToken)).toMatchObject({ xms_mirid: workspaceId, appidacr: "2" });
  });

  it("lives as much shorter as the emulator's time runs faster", async () => {
    tokens = await open({ timeScale: 60 });
    expect(await tokens.issue({ principal: deployer, audience, version: "1.0" })).toMatchObject({
      expiresInSeconds: 59,
      expiresOn: new Date("2026-03-01T12:00:59Z"),
    });
  });

  it("keeps the audience as it was asked for and can be verified with the published keys", async () => {
    const asked = "https://management.core.windows.net/";
    const { accessToken } = await tokens.issue({ principal: deployer, audience: asked, version: "1.0" });
    const { keys } = await tokens.publicKeys();
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet({ keys: [...keys] as JWK[] }), {
      audience: asked,
      currentDate: present,
    });
    expect(payload["tid"]).toBe(tenantId);
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });
});

describe("a token is accepted", () => {
  it.each(["1.0", "2.0"] as const)("of version %s, and says whose it is", async (version) => {
    expect(await tokens.check(await bearer(deployer, version), [audience])).toEqual({
      accepted: true,
      principal: deployer,
      audience,
      roles: [],
    });
  });

  it("whether or not the audience ends with a slash", async () => {
    expect(await refusalOf(await bearer(), [`${audience}/`])).toBe("accepted");
  });

  it("with the scheme in any case", async () => {
    expect(await refusalOf((await bearer()).replace("Bearer", "bearer"))).toBe("accepted");
  });
});

describe("a token is refused", () => {
  it("when there is none", async () => {
    for (const none of [undefined, "", "Bearer", "Bearer ", "Basic dTpw"])
      expect(await refusalOf(none)).toBe("missing");
  });

  it("when it is no token", async () => {
    expect(await refusalOf("Bearer nonsense")).toBe("malformed");
    expect(await refusalOf("Bearer a.b.c")).toBe("malformed");
  });

  it("when it was changed", async () => {
    const [header, , signature] = (await bearer()).split(".");
    const { oid: _, ...rest } = decodeJwt(await bearer());
    const forged = Buffer.from(JSON.stringify({ ...rest, oid: principals.operator.objectId })).toString("base64url");
    expect(await refusalOf(`${header}.${forged}.${signature}`)).toBe("signature");
  });

  it("when it is not signed", async () => {
    const unsigned = new UnsecuredJWT(decodeJwt(await bearer())).encode();
    expect(await refusalOf(`Bearer ${unsigned}`)).toBe("signature");
  });

  it("when it is signed in another way than the tenant signs", async () => {
    const { privateKey } = await openSigningKey(store, testSigningKeyPem());
    const token = await new SignJWT(decodeJwt(await bearer())).setProtectedHeader({ alg: "PS256" }).sign(privateKey);
    expect(await refusalOf(`Bearer ${token}`)).toBe("signature");
  });

  it("when its public key was used as a shared secret", async () => {
    const { publicKey } = await openSigningKey(store, testSigningKeyPem());
    const secret = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
    const token = await new SignJWT(decodeJwt(await bearer())).setProtectedHeader({ alg: "HS256" }).sign(secret);
    expect(await refusalOf(`Bearer ${token}`)).toBe("signature");
  });

  it("when another tenant issued it", async () => {
    const foreign = await openTokens({
      store,
      directory,
      tenantId: "11111111-2222-3333-4444-555555555555",
      now: () => present,
      signingKeyPem: testSigningKeyPem(),
    });
    const { accessToken } = await foreign.issue({ principal: deployer, audience, version: "1.0" });
    expect(await refusalOf(`Bearer ${accessToken}`)).toBe("issuer");
  });

  it("from the second on in which it ends", async () => {
    const token = await bearer();
    present = new Date("2026-03-01T12:59:58Z");
    expect(await refusalOf(token)).toBe("accepted");
    present = new Date("2026-03-01T12:59:59Z");
    expect(await refusalOf(token)).toBe("expired");
  });

  it("before it begins", async () => {
    const token = await bearer();
    present = new Date("2026-03-01T11:54:59Z");
    expect(await refusalOf(token)).toBe("notYetValid");
  });

  it("by a service that it is not for, which learns what the token says of itself", async () => {
    expect(await tokens.check(await bearer(), ["https://management.azure.com"])).toEqual({
      accepted: false,
      refusal: "audience",
      audience,
      issuer: `https://sts.windows.net/${tenantId}/`,
      notBefore: new Date("2026-03-01T11:55:00Z"),
      expires: new Date("2026-03-01T12:59:59Z"),
    });
  });

  it("when one like it, with another signature, was accepted before", async () => {
    const token = await bearer();
    expect(await refusalOf(token)).toBe("accepted");
    expect(await refusalOf(`${token.slice(0, -8)}AAAAAAAA`)).toBe("signature");
  });

  it("when the identity behind it was removed", async () => {
    const token = await bearer(directory.managedIdentity(workspaceId, "w"));
    expect(await refusalOf(token)).toBe("accepted");
    directory.removeManagedIdentity(workspaceId);
    expect(await refusalOf(token)).toBe("principal");
  });
});

describe("the signing key", () => {
  it("is made once, kept encrypted, good for old tokens after a restart, and nobody else's", async () => {
    const first = await openTokens({ store, directory, tenantId, now: () => present });
    const { accessToken } = await first.issue({ principal: deployer, audience, version: "1.0" });
    expect(await refusalOf(`Bearer ${accessToken}`)).toBe("signature");
    const second = await openTokens({ store, directory, tenantId, now: () => present });
    expect((await second.check(`Bearer ${accessToken}`, [audience])).accepted).toBe(true);
    expect(JSON.stringify(store.all("SELECT * FROM signing_key"))).not.toContain("PRIVATE KEY");
  });
});
