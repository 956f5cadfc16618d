import { randomBytes } from "node:crypto";
import { systemClock } from "../../../contract/clock.js";
import { randomIds } from "../../../contract/ids.js";
import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { type AccessControl, openAccess } from "../../../emulator/platform/accessControl.js";
import { openDirectory, type Principal } from "../../../emulator/platform/directory.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import { openResources, type StoredResource } from "../../../emulator/platform/resources.js";
import type { ResourceType } from "../../../emulator/platform/resourceType.js";
import { openStore } from "../../../emulator/platform/store.js";
import { type PrincipalName, principals, subscription } from "../../../emulator/platform/subscription.js";
import { openTokens } from "../../../emulator/platform/tokenAuthority.js";
import { testSigningKeyPem } from "../../helpers/fixtures.js";

export interface TestPlatform extends Platform {
  readonly access: AccessControl;
  principal(name: PrincipalName): Principal;
  /** An Authorization header of the principal. */
  bearer(name: PrincipalName, audience: string): Promise<string>;
  assign(name: PrincipalName, roleId: string, scope: string): void;
}

/** A platform in memory, or on a database file with a fixed key. */
export async function testPlatform(
  options: { databasePath?: string; now?: () => Date; signingKeyPem?: string } = {},
): Promise<TestPlatform> {
  const key = options.databasePath === undefined ? randomBytes(32) : Buffer.alloc(32, 7);
  const store = openStore(options.databasePath, key);
  const directory = openDirectory(store, randomIds);
  const now = options.now ?? (() => new Date());
  const clock = { ...systemClock({ keepAlive: false }), now };
  const signingKeyPem = options.signingKeyPem ?? testSigningKeyPem();
  const { tenantId } = subscription;
  const tokens = await openTokens({ store, directory, tenantId, now: () => new Date(), signingKeyPem });
  const access = openAccess({ store, directory, clock });
  const principal = (name: PrincipalName) => {
    const found = directory.byObjectId(principals[name].objectId);
    if (!found) throw new Error(`no principal ${name}`);
    return found;
  };
  return {
    store,
    clock,
    ids: randomIds,
    directory,
    tokens,
    resources: openResources(store),
    access,
    log: () => {},
    principal,
    bearer: async (name, audience) =>
      `Bearer ${(await tokens.issue({ principal: principal(name), audience, version: "1.0" })).accessToken}`,
    assign: (name, roleId, scope) =>
      void access.assign({
        scope,
        name: randomIds.uuid(),
        roleId,
        principalId: principals[name].objectId,
        principalType: "ServicePrincipal",
        by: principals.deployer.objectId,
      }),
  };
}

export const groupId = `/subscriptions/${subscription.subscriptionId}/resourceGroups/rg1`;

/** Puts a resource as Resource Manager does: prepared, stored, applied. */
export async function putResource(
  platform: TestPlatform,
  types: readonly ResourceType[],
  id: string,
  body: JsonObject,
  apiVersion = "2024-11-01",
): Promise<StoredResource> {
  const type = typeOf(types, id);
  const name = id.split("/").at(-1) ?? "";
  const parent = platform.resources.get(id.split("/").slice(0, -2).join("/"));
  const existing = platform.resources.get(id);
  const caller = platform.principal("deployer");
  const request = { id, name, resourceGroup: "rg1", parent, existing, body, apiVersion, caller };
  const resource = { id, type: type.type, name, body: await type.prepare(request), createdWith: apiVersion };
  platform.resources.put(resource);
  const stored = platform.resources.get(id) ?? resource;
  await type.apply?.(stored, request);
  return stored;
}

export async function deleteResource(
  platform: TestPlatform,
  types: readonly ResourceType[],
  id: string,
): Promise<void> {
  const resource = platform.resources.get(id);
  if (!resource) throw new Error(`no resource ${id}`);
  await typeOf(types, id).remove?.(resource);
  for (const child of platform.resources.below(id)) platform.resources.remove(child.id);
  platform.resources.remove(id);
}

function typeOf(types: readonly ResourceType[], id: string): ResourceType {
  const [namespace = "", ...segments] = (id.split("/providers/").at(-1) ?? "").split("/");
  const wanted = [namespace, ...segments.filter((_segment, index) => index % 2 === 0)].join("/").toLowerCase();
  const found = types.find(({ type }) => type.toLowerCase() === wanted);
  if (!found) throw new Error(`no type ${wanted}`);
  return found;
}

/** The `properties` of a resource's body. */
export function propertiesOf(resource: { readonly body: JsonObject } | undefined): JsonObject {
  const properties = resource?.body["properties"];
  if (!isJsonObject(properties)) throw new Error("no properties");
  return properties;
}
