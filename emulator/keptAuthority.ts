import { type Authority, createAuthority, loadAuthority } from "./gateway/authority.js";
import type { Store } from "./platform/store.js";

/** Made anew this long before it ends, so that no certificate ends under a running command. */
const authorityMarginMs = 24 * 60 * 60 * 1000;

/** The state folder's own authority: kept encrypted, made on the first start and again before it ends. */
export async function keptAuthority(store: Store, present: Date): Promise<Authority> {
  makeTable(store);
  const row = store.get("SELECT sealed FROM authority");
  const kept = row && (await loadAuthority(JSON.parse(store.unseal(String(row["sealed"])))));
  if (kept && kept.notAfter.getTime() - present.getTime() > authorityMarginMs) return kept;
  const made = await createAuthority({ now: present });
  keepAuthority(store, made);
  return made;
}

/** Makes this authority the state folder's own. */
export function keepAuthority(store: Store, { certificatePem, privateKeyPem }: Authority): void {
  makeTable(store);
  const sealed = store.seal(JSON.stringify({ certificatePem, privateKeyPem }));
  store.run("INSERT OR REPLACE INTO authority VALUES (1, ?)", sealed);
}

function makeTable(store: Store): void {
  store.migrate("authority", ["CREATE TABLE authority (only INTEGER PRIMARY KEY, sealed TEXT NOT NULL)"]);
}
