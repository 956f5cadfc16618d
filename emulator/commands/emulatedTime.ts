import type { EmulatorStatus } from "../control.js";

/** Less is no more than a request's way and a rounding. */
const leastAheadSeconds = 60;

/** How far the emulator's clock is ahead of the real one (`8 min`); undefined where it is a minute or less. */
export function aheadOf({ aheadSeconds }: Pick<EmulatorStatus, "aheadSeconds">): string | undefined {
  if (aheadSeconds <= leastAheadSeconds) return undefined;
  const [unit, size] = aheadSeconds < 7_200 ? ["min", 60] : aheadSeconds < 172_800 ? ["h", 3_600] : ["days", 86_400];
  return `${Math.round(aheadSeconds / Number(size))} ${unit}`;
}

/** Warns where the emulator's time is not that of a watch: faster, or ahead of it because it was faster before. */
export function sayTime(
  status: Pick<EmulatorStatus, "timeScale" | "aheadSeconds"> | undefined,
  log: (line: string) => void,
): void {
  if (!status) return;
  const { timeScale } = status;
  const ahead = aheadOf(status);
  if (timeScale !== 1) {
    log(
      `time here runs ${timeScale} times as fast as a watch: times and durations of runs are the emulator's (docs/time.md)`,
    );
  }
  if (ahead !== undefined) {
    log(`its clock is ${ahead} ahead of the real one, as its time ran faster before: so are the times of its runs`);
  }
}
