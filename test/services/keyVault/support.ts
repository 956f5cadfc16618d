import type { JsonObject } from "../../../contract/json.js";
import type { PrincipalName } from "../../../emulator/platform/subscription.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { createKeyVault, type KeyVault } from "../../../emulator/services/keyVault/index.js";
import { sendInProcess } from "../../helpers/sendInProcess.js";
import { groupId, putResource, type TestPlatform, testPlatform } from "../storage/platform.js";

export const roles = {
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
} as const;

export const vaultId = (name: string) => `${groupId}/providers/Microsoft.KeyVault/vaults/${name}`;
export const vaultAudience = "https://vault.azure.net";

export const vaultBody = (properties: JsonObject = {}) => ({
  location: "centralus",
  properties: {
    tenantId: subscription.tenantId,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    accessPolicies: [],
    ...properties,
  },
});

/** An answer; of its body each test reads the members that the answer has. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: {
    readonly id: string;
    readonly value: unknown;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly nextLink: string | null;
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly innererror: { readonly code: string };
    };
  };
}

/** The ids in a list. */
export const idsOf = (answer: Answer): string[] => (answer.body.value as { id: string }[]).map(({ id }) => id);

export interface TestVault {
  readonly platform: TestPlatform;
  readonly keyVault: KeyVault;
  /** Puts a resource of the vault's types. */
  put(id: string, body: JsonObject, apiVersion?: string): Promise<JsonObject>;
  /** A request to `kv1`, without a token when `as` is left out. */
  send(
    method: string,
    path: string,
    options?: {
      as?: PrincipalName;
      body?: unknown;
      audience?: string;
      host?: string;
      headers?: Record<string, string>;
    },
  ): Promise<Answer>;
  /** Moves the vaults' time forward. */
  pass(days: number): void;
}

/** Key Vault with the vault `kv1`, in which the deployer is Secrets Officer and the scoring application Secrets User. */
export async function startTestVault(properties: JsonObject = {}): Promise<TestVault> {
  let now = new Date("2026-03-01T08:00:00Z");
  const platform = await testPlatform({ now: () => now });
  const keyVault = await createKeyVault(platform);
  const put: TestVault["put"] = async (id, body, apiVersion) =>
    (await putResource(platform, keyVault.resourceTypes, id, body, apiVersion)).body;
  await put(vaultId("kv1"), vaultBody(properties));
  platform.assign("deployer", roles.secretsOfficer, vaultId("kv1"));
  platform.assign("scoring", roles.secretsUser, vaultId("kv1"));
  return {
    platform,
    keyVault,
    put,
    async send(method, path, options = {}) {
      const { as, body, audience = vaultAudience, host = "kv1.vault.azure.net" } = options;
      const text = body === undefined ? undefined : JSON.stringify(body);
      const separator = path.includes("?") ? "&" : "?";
      const answer = await sendInProcess(keyVault.handle, {
        method,
        url:
          path.includes("api-version") || path.includes("api%2Dversion") ? path : `${path}${separator}api-version=7.4`,
        headers: {
          host,
          ...(as && { authorization: await platform.bearer(as, audience) }),
          ...(text !== undefined && { "content-type": "application/json", "content-length": String(text.length) }),
          ...options.headers,
        },
        body: text === undefined ? undefined : Buffer.from(text),
      });
      const content = String(answer.body);
      return {
        status: answer.status,
        headers: answer.headers,
        body: JSON.parse(content === "" ? "null" : content),
      };
    },
    pass(days) {
      now = new Date(now.getTime() + days * 86_400_000);
    },
  };
}
