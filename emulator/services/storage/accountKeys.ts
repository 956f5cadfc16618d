import { randomBytes } from "node:crypto";
import type { Store } from "../../platform/store.js";

/** The two keys of a storage account: base64 of 64 random bytes each. */
export interface AccountKeys {
  readonly key1: string;
  readonly key2: string;
}

/** The keys of all accounts, encrypted in the store. */
export interface KeyRing {
  keysOf(account: string): AccountKeys | undefined;
  /** The account's keys, made on the first call. */
  make(account: string): AccountKeys;
  remove(account: string): void;
}

export function openKeyRing(store: Store): KeyRing {
  store.migrate("storageAccountKeys", [
    "CREATE TABLE storage_account_keys (account TEXT PRIMARY KEY, sealed_keys TEXT NOT NULL)",
  ]);
  const known = new Map<string, AccountKeys>();
  const keysOf = (account: string) => {
    const found = known.get(account);
    if (found) return found;
    const row = store.get("SELECT sealed_keys FROM storage_account_keys WHERE account = ?", account);
    if (!row) return undefined;
    const [key1 = "", key2 = ""] = store.unseal(String(row["sealed_keys"])).split(" ");
    known.set(account, { key1, key2 });
    return { key1, key2 };
  };
  return {
    keysOf,
    make(account) {
      const found = keysOf(account);
      if (found) return found;
      const keys = { key1: newKey(), key2: newKey() };
      store.run("INSERT INTO storage_account_keys VALUES (?, ?)", account, store.seal(`${keys.key1} ${keys.key2}`));
      known.set(account, keys);
      return keys;
    },
    remove(account) {
      store.run("DELETE FROM storage_account_keys WHERE account = ?", account);
      known.delete(account);
    },
  };
}

const newKey = () => randomBytes(64).toString("base64");
