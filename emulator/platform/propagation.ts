import type { Clock } from "../../contract/clock.js";
import type { Store } from "./store.js";

/** Role assignments and address rules take effect some time after Azure has accepted them. Keys ignore case. */
export interface Propagation {
  /** Notes that what the key names was accepted now. */
  accepted(key: string): void;
  inEffect(key: string): boolean;
}

/** Everything takes effect at once. */
export const immediate: Propagation = { accepted: () => {}, inEffect: () => true };

/** Everything takes effect `delayMs` of the clock after it was accepted; a restart in between changes nothing. */
export function openPropagation(parts: { store: Store; clock: Clock; delayMs: number }): Propagation {
  const { store, clock, delayMs } = parts;
  if (delayMs === 0) return immediate;
  const now = () => clock.now().getTime();
  store.migrate("propagation", ["CREATE TABLE propagation (key TEXT PRIMARY KEY, accepted_at INTEGER NOT NULL)"]);
  return {
    accepted(key) {
      store.run("DELETE FROM propagation WHERE accepted_at <= ?", now() - delayMs);
      store.run("INSERT OR REPLACE INTO propagation VALUES (?, ?)", key.toLowerCase(), now());
    },
    inEffect(key) {
      const row = store.get("SELECT accepted_at FROM propagation WHERE key = ?", key.toLowerCase());
      if (!row) return true;
      const age = now() - Number(row["accepted_at"]);
      // a moment to come was told by a clock that ran faster, before this start
      return age < 0 || age >= delayMs;
    },
  };
}
