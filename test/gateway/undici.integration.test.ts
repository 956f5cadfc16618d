import { EnvHttpProxyAgent, request } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { subscription } from "../../emulator/platform/subscription.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";

let emulator: TestEmulator;
let dispatcher: EnvHttpProxyAgent;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
  dispatcher = new EnvHttpProxyAgent();
});
afterEach(async () => {
  await dispatcher.destroy();
  vi.unstubAllEnvs();
});

it("undici's EnvHttpProxyAgent reaches an emulated host by the environment alone", async () => {
  const url = `https://login.microsoftonline.com/${subscription.tenantId}/v2.0/.well-known/openid-configuration`;
  const { statusCode, body } = await request(url, { dispatcher });
  expect(statusCode).toBe(200);
  expect(await body.json()).toMatchObject({ jwks_uri: expect.stringContaining(subscription.tenantId) });
  expect(emulator.refusals).toEqual([]);
});

it.each(["westeurope.azuredatabricks.net", "example.com"])("and not %s, which is refused by name", async (host) => {
  await expect(request(`https://${host}/`, { dispatcher })).rejects.toThrow("Proxy response (");
  expect(emulator.refusals.at(-1)).toBe(host);
});
