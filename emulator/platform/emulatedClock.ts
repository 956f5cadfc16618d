import type { Clock } from "../../contract/clock.js";
import type { Store } from "./store.js";

/** The emulator's own time, which runs `scale` times as fast as a watch and never goes back, not even over a restart. */
export interface EmulatedClock extends Clock {
  readonly scale: number;
  /** Notes how far it came, so that the next start goes on from there. */
  close(): void;
}

/** No time is told later than this (real) after the last note: what a killed process may have told is thereby known. */
const noteIntervalMs = 1_000;

/**
 * Opens the emulator's clock on a watch. While no emulator runs its time goes by as the watch does, so that it stays as
 * far ahead as it was: records are never in the future of those that follow.
 */
export function openEmulatedClock(parts: {
  readonly store: Store;
  readonly watch: Clock;
  readonly scale: number;
}): EmulatedClock {
  const { store, watch, scale } = parts;
  store.migrate("emulated clock", [
    "CREATE TABLE emulated_clock (only INTEGER PRIMARY KEY, real_ms REAL NOT NULL, emulated_ms REAL NOT NULL, scale REAL NOT NULL)",
  ]);
  const realMs = () => watch.now().getTime();
  const begun = realMs();
  const start = Math.max(begun, latestTold(store, begun));
  let noted = begun;
  let latest = start;
  const note = (real: number, noteScale: number) =>
    store.run("INSERT OR REPLACE INTO emulated_clock VALUES (1, ?, ?, ?)", real, latest, noteScale);
  note(begun, scale);
  return {
    scale,
    now() {
      const real = realMs();
      latest = Math.max(latest, start + (real - begun) * scale);
      if (scale !== 1 && real - noted >= noteIntervalMs) {
        note(real, scale);
        // a note that may still be undone has to be made again
        if (!store.inTransaction) noted = real;
      }
      return new Date(latest);
    },
    sleep: (milliseconds, signal) => watch.sleep(milliseconds / scale, signal),
    close() {
      latest = Math.max(latest, start + (realMs() - begun) * scale);
      note(realMs(), 1);
    },
  };
}

/** Where the clock of the start before is now; a killed one may have told as much time as one note allows. */
function latestTold(store: Store, real: number): number {
  const row = store.get("SELECT real_ms, emulated_ms, scale FROM emulated_clock");
  if (!row) return real;
  const elapsed = Math.max(0, real - Number(row["real_ms"]));
  const ahead = Math.min(elapsed, noteIntervalMs) * (Number(row["scale"]) - 1);
  return Number(row["emulated_ms"]) + elapsed + ahead;
}
