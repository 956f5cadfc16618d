import { ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { audiences } from "../../../contract/hosts.js";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { startTestEmulator, type TestEmulator } from "../../helpers/testEmulator.js";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());
afterEach(() => {
  vi.unstubAllEnvs();
  expect(emulator.refusals).toEqual([]);
});

/** Joins this process to the emulator: nothing but its environment changes. */
function join(changes: Readonly<Record<string, string>> = {}): void {
  const environment = { ...emulator.environmentFor("deployer"), ...changes };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

it("DefaultAzureCredential, made without any option, gets a token for each plane", async () => {
  join();
  const credential = new DefaultAzureCredential();
  for (const audience of Object.values(audiences).flat()) {
    const { token, expiresOnTimestamp } = await credential.getToken(`${audience}/.default`);
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ aud: audience, oid: principals.deployer.objectId });
    expect(Math.abs(expiresOnTimestamp - Number(claims.exp) * 1000)).toBeLessThan(2_000);
  }
});

it("ClientSecretCredential shows Entra ID's own sentence for a wrong secret", async () => {
  join();
  const credential = new ClientSecretCredential(subscription.tenantId, principals.scoring.appId, "not the secret");
  const failure = await credential.getToken("https://ml.azure.com/.default").catch((error: unknown) => error);
  expect(String(failure)).toContain("AADSTS7000215: Invalid client secret provided.");
});

it("a credential for a tenant that does not exist fails with its name", async () => {
  const tenant = "11111111-2222-3333-4444-555555555555";
  join({ AZURE_TENANT_ID: tenant });
  const credential = new DefaultAzureCredential();
  const failure = await credential.getToken("https://ml.azure.com/.default").catch((error: unknown) => error);
  expect(String(failure)).toContain(`Tenant '${tenant}' not found`);
});
