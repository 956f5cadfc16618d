/** Warns, where the emulator's time is faster than a watch, that all durations shown are in its time. */
export function sayTimeScale(timeScale: number | undefined, log: (line: string) => void): void {
  if (timeScale === undefined || timeScale === 1) return;
  log(
    `time here runs ${timeScale} times as fast as a watch: times and durations of runs are the emulator's (docs/time.md)`,
  );
}
