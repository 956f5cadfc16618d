import { z } from "zod";
import type { JsonObject } from "../../../contract/json.js";
import type { Platform } from "../../platform/platform.js";
import type { VaultCall } from "./authentication.js";
import { badParameter, nameIsDeleted, secretNotFound, vaultError } from "./errors.js";
import { secretItem } from "./secretBundle.js";
import { followSecret } from "./secretResource.js";
import type { SecretStore } from "./secretStore.js";

const savedSecret = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    value: z.string(),
    created: z.number(),
    updated: z.number(),
    enabled: z.boolean(),
    notBefore: z.number().nullable(),
    expires: z.number().nullable(),
    contentType: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
  }),
);

/** A secret's backup and its restoring, after the caller's right to it was checked (`/backup`, `/secrets/restore`). */
export interface SecretBackups {
  /** `{value}`: all versions, encrypted, as base64url; any vault of the subscription takes it. */
  backup(call: VaultCall, name: string): JsonObject;
  /** Brings all versions back under their old ids; 409 when the vault has the name, also as a deleted one. */
  restore(call: VaultCall, body: unknown): JsonObject;
}

export function createSecretBackups(platform: Platform, secrets: SecretStore): SecretBackups {
  const { store } = platform;
  return {
    backup({ vault }, name) {
      const versions = secrets.versions(vault.id, name);
      if (versions.length === 0) throw secretNotFound(name);
      const saved = versions.map(({ sealedValue, ...version }) => ({ ...version, value: store.unseal(sealedValue) }));
      return { value: Buffer.from(store.seal(JSON.stringify(saved)), "base64").toString("base64url") };
    },
    restore({ vault }, body) {
      const sent = z.object({ value: z.string().min(1) }).safeParse(body);
      if (!sent.success) throw badParameter("Property value has invalid value: a backup is required.");
      const saved = opened(sent.data.value);
      const [latest] = saved;
      if (!latest) throw badParameter("Cannot decrypt backup blob");
      const { name } = latest;
      if (secrets.findDeleted(vault.id, name)) throw nameIsDeleted(name);
      if (secrets.find(vault.id, name)) throw vaultError(409, "Conflict", `Secret ${name} already exists.`);
      for (const { value, updated, ...version } of saved.toReversed()) {
        secrets.add(vault.id, version, value);
        const added = secrets.find(vault.id, name, version.version);
        if (added) secrets.update(vault.id, { ...added, updated });
      }
      followSecret(platform, secrets, vault, name);
      const restored = secrets.find(vault.id, name);
      if (!restored) throw secretNotFound(name);
      return secretItem(vault, restored, "with version");
    },
  };

  function opened(backup: string): z.infer<typeof savedSecret> {
    try {
      return savedSecret.parse(JSON.parse(store.unseal(Buffer.from(backup, "base64url").toString("base64"))));
    } catch {
      throw badParameter("Cannot decrypt backup blob");
    }
  }
}
