import { expect } from "vitest";
import { audiences } from "../../../contract/hosts.js";
import type { DeployedEmulator } from "../../helpers/deployedEmulator.js";

const storageVersion = "api-version=2023-05-01";

/** Both keys of each storage account of the stack, as Resource Manager lists them. */
export async function accountKeysOf({ call, outputs }: DeployedEmulator): Promise<string[]> {
  const group = `https://management.azure.com/subscriptions/${outputs.subscriptionId}/resourceGroups/${outputs.resourceGroup}`;
  const accounts = `${group}/providers/Microsoft.Storage/storageAccounts`;
  const audience = audiences.resourceManager[0];
  const list = (await call("deployer", audience, `${accounts}?${storageVersion}`)) as { value: { name: string }[] };
  const keys: string[] = [];
  for (const { name } of list.value) {
    const url = `${accounts}/${name}/listKeys?${storageVersion}`;
    const answer = (await call("deployer", audience, url, { method: "POST" })) as { keys: { value: string }[] };
    keys.push(...answer.keys.map(({ value }) => value));
  }
  return keys;
}

/** Searches what was written for every application's secret, every account key, and whatever is a token or a signature. */
export async function expectNoSecrets(written: string, azure: DeployedEmulator): Promise<void> {
  const { directory } = azure.platform;
  const applications = directory.all().flatMap(({ appId }) => directory.secretOf(appId) ?? []);
  expect(applications.length).toBeGreaterThan(2);
  const keys = await accountKeysOf(azure);
  expect(keys.length).toBeGreaterThan(1);
  for (const secret of [...applications, ...keys]) {
    expect(written).not.toContain(secret);
    expect(written).not.toContain(encodeURIComponent(secret));
  }
  expect(written).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
  expect(written).not.toMatch(/Bearer [\w.-]{30,}/);
  expect(written).not.toMatch(/\bsig=(?!\*)/);
}
