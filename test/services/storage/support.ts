import type { TokenCredential } from "@azure/identity";
import { startGateway } from "../../../emulator/gateway/gateway.js";
import type { PrincipalName } from "../../../emulator/platform/subscription.js";
import { createStorage, type Storage } from "../../../emulator/services/storage/index.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { groupId, putResource, type TestPlatform, testPlatform } from "./platform.js";

export const roles = {
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

export const accountId = (name: string) => `${groupId}/providers/Microsoft.Storage/storageAccounts/${name}`;
export const containerId = (account: string, name: string) =>
  `${accountId(account)}/blobServices/default/containers/${name}`;

export const accountBody = {
  location: "centralus",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  properties: { minimumTlsVersion: "TLS1_2", allowBlobPublicAccess: false },
} as const;

export interface TestStorage {
  readonly platform: TestPlatform;
  readonly storage: Storage;
  /** For the options of an official client: its requests go to the gateway, under their real host names. */
  readonly clientOptions: { readonly proxyOptions: { readonly host: string; readonly port: number } };
  credential(name: PrincipalName, audience?: string): TokenCredential;
  close(): Promise<void>;
}

/** Storage behind a gateway, with the account `acct1` (keys permitted), the account `lake1` (none) and a container in each. */
export async function startTestStorage(): Promise<TestStorage> {
  const platform = await testPlatform();
  const storage = await createStorage(platform, { folder: undefined });
  await putResource(platform, storage.resourceTypes, accountId("acct1"), accountBody);
  const keyless = { ...accountBody.properties, allowSharedKeyAccess: false, isHnsEnabled: true };
  await putResource(platform, storage.resourceTypes, accountId("lake1"), { ...accountBody, properties: keyless });
  for (const account of ["acct1", "lake1"]) {
    await putResource(platform, storage.resourceTypes, containerId(account, "trips"), { properties: {} });
  }
  const gateway = await startGateway({
    services: [storage],
    authority: await testAuthority(),
    port: 0,
    offline: true,
    upstreamProxy: undefined,
    serviceSecret: "test",
    control: (_request, response) => void response.writeHead(404).end(),
    log: () => {},
  });
  const { hostname, port } = new URL(gateway.proxyUrl);
  return {
    platform,
    storage,
    clientOptions: { proxyOptions: { host: `http://${hostname}`, port: Number(port) } },
    credential: (name, audience) => ({
      async getToken(scopes) {
        const resource = audience ?? String(scopes).replace(/\/\.default$/, "");
        const token = await platform.tokens.issue({
          principal: platform.principal(name),
          audience: resource,
          version: "1.0",
        });
        return { token: token.accessToken, expiresOnTimestamp: token.expiresOn.getTime() };
      },
    }),
    async close() {
      await gateway.close();
      await storage.close();
      platform.store.close();
    },
  };
}
