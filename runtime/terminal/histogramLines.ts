import type { Bin } from "../machineLearning/histogram.js";
import { bar } from "./bar.js";

const widestBar = 60;

/** One line a bin: its range, how many values it has, and a bar to scale. */
export function histogramLines(bins: readonly Bin[], columns: number, label: (value: number) => string): string[] {
  const ranges = bins.map(({ from, to }) => `${label(from)} to ${label(to)}`);
  const rangeColumns = Math.max(0, ...ranges.map((range) => range.length));
  const countColumns = Math.max(0, ...bins.map(({ count }) => String(count).length));
  const room = Math.max(1, Math.min(widestBar, columns - rangeColumns - countColumns - 4));
  const most = Math.max(1, ...bins.map(({ count }) => count));
  return bins.map(({ count }, index) =>
    `${(ranges[index] ?? "").padStart(rangeColumns)}  ${String(count).padStart(countColumns)}  ${bar(count / most, room)}`.trimEnd(),
  );
}
