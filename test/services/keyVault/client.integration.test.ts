import { SecretClient } from "@azure/keyvault-secrets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGateway } from "../../../emulator/gateway/gateway.js";
import type { PrincipalName } from "../../../emulator/platform/subscription.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { roles, startTestVault, type TestVault, vaultBody, vaultId } from "./support.js";

let vault: TestVault;
let proxyUrl: URL;
let close: () => Promise<void>;

beforeAll(async () => {
  vault = await startTestVault();
  const gateway = await startGateway({
    services: [vault.keyVault],
    authority: await testAuthority(),
    port: 0,
    offline: true,
    upstreamProxy: undefined,
    serviceSecret: "test",
    control: (_request, response) => void response.writeHead(404).end(),
    log: () => {},
  });
  proxyUrl = new URL(gateway.proxyUrl);
  close = async () => {
    await gateway.close();
    await vault.keyVault.close();
  };
});
afterAll(() => close());

function client(name: PrincipalName, host = "kv1"): SecretClient {
  const { platform } = vault;
  const credential = {
    async getToken(scopes: string | string[]) {
      const audience = String(scopes).replace(/\/\.default$/, "");
      const token = await platform.tokens.issue({ principal: platform.principal(name), audience, version: "1.0" });
      return { token: token.accessToken, expiresOnTimestamp: token.expiresOn.getTime() };
    },
  };
  const proxyOptions = { host: `http://${proxyUrl.hostname}`, port: Number(proxyUrl.port) };
  return new SecretClient(`https://${host}.vault.azure.net`, credential, { proxyOptions });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("the official JavaScript client, unmodified", () => {
  it("answers the challenge, writes versions, reads, changes and lists them", async () => {
    const officer = client("deployer");
    const first = await officer.setSecret("clientid", "one", { tags: { a: "b" }, contentType: "text/plain" });
    await officer.setSecret("clientid", "two");
    const user = client("scoring");
    expect((await user.getSecret("clientid")).value).toBe("two");
    const version = first.properties.version ?? "";
    expect((await user.getSecret("clientid", { version })).value).toBe("one");
    const changed = await officer.updateSecretProperties("clientid", version, { enabled: false });
    expect(changed.enabled).toBe(false);
    await expect(user.getSecret("clientid", { version })).rejects.toMatchObject({ statusCode: 403, code: "Forbidden" });
    expect(await all(user.listPropertiesOfSecretVersions("clientid"))).toHaveLength(2);
    for (const name of ["p1", "p2", "p3"]) await officer.setSecret(name, name);
    const pages = await all(user.listPropertiesOfSecrets().byPage({ maxPageSize: 3 }));
    expect(pages.map((page) => page.map(({ name }) => name))).toEqual([["clientid", "p1", "p2"], ["p3"]]);
  });

  it("deletes, recovers and purges", async () => {
    const officer = client("deployer");
    await officer.setSecret("gone", "one");
    const deleted = await (await officer.beginDeleteSecret("gone")).pollUntilDone();
    expect(deleted.recoveryId).toBe("https://kv1.vault.azure.net/deletedsecrets/gone");
    expect((await (await officer.beginRecoverDeletedSecret("gone")).pollUntilDone()).name).toBe("gone");
    await (await officer.beginDeleteSecret("gone")).pollUntilDone();
    expect((await all(officer.listDeletedSecrets())).map(({ name }) => name)).toEqual(["gone"]);
    await officer.purgeDeletedSecret("gone");
    await expect(officer.getDeletedSecret("gone")).rejects.toMatchObject({ statusCode: 404 });
  });

  it("is refused without the role, and passes network rules that list its address", async () => {
    await expect(client("trigger").getSecret("clientid")).rejects.toMatchObject({ statusCode: 403, code: "Forbidden" });
    const behindRule = (address: string) =>
      vault.put(vaultId("kv2"), vaultBody({ networkAcls: { defaultAction: "Deny", ipRules: [{ value: address }] } }));
    vault.platform.assign("operator", roles.secretsUser, vaultId("kv2"));
    await behindRule("127.0.0.1");
    expect(await all(client("operator", "kv2").listPropertiesOfSecrets())).toEqual([]);
    await behindRule("203.0.113.7/32");
    await expect(client("operator", "kv2").getSecret("s")).rejects.toThrow("Client address: 127.0.0.1");
  });
});
