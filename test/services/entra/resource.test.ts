import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { openResources, type Resources } from "../../../emulator/platform/resources.js";
import { openStore } from "../../../emulator/platform/store.js";
import { isKnownResource, resourceOfScope } from "../../../emulator/services/entra/resource.js";

describe("a scope", () => {
  it.each([
    ["https://management.azure.com/.default", "https://management.azure.com"],
    ["https://management.core.windows.net//.default", "https://management.core.windows.net/"],
    ["https://ml.azure.com/.default openid offline_access profile", "https://ml.azure.com"],
  ])("%s asks for %s", (scope, resource) => {
    expect(resourceOfScope(scope)).toBe(resource);
  });

  it.each([
    ["https://ml.azure.com", "AADSTS1002012"],
    ["openid", "AADSTS1002012"],
    ["https://graph.microsoft.com/User.Read", "AADSTS1002012"],
    ["https://ml.azure.com/.default https://vault.azure.net/.default", "AADSTS28000"],
  ])("%s is refused with %s", (scope, code) => {
    expect(() => resourceOfScope(scope)).toThrow(`${code}:`);
  });
});

describe("a resource", () => {
  let resources: Resources;
  beforeEach(() => {
    resources = openResources(openStore(undefined, randomBytes(32)));
    resources.put({
      id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account1",
      type: "Microsoft.Storage/storageAccounts",
      name: "account1",
      body: {},
      createdWith: "2024-01-01",
    });
  });

  it.each([
    "https://management.azure.com/",
    "https://management.core.windows.net",
    "https://vault.azure.net",
    "https://dev.azuresynapse.net",
    "https://ml.azure.com",
    "https://storage.azure.com/",
    "https://graph.microsoft.com",
    "https://account1.blob.core.windows.net",
    "https://account1.dfs.core.windows.net/",
  ])("is known: %s", (resource) => {
    expect(isKnownResource(resource, resources)).toBe(true);
  });

  it.each([
    "",
    "vault.azure.net",
    "http://vault.azure.net",
    "https://kv1.vault.azure.net",
    "https://vault.azure.net/secrets",
    "https://database.windows.net",
    "https://account2.blob.core.windows.net",
    "https://blob.core.windows.net",
  ])("is not known: %j", (resource) => {
    expect(isKnownResource(resource, resources)).toBe(false);
  });
});
