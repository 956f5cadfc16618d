/** How many values lie in `from` (included) to `to` (excluded; included in the last bin). */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Smallest, middle, mean and greatest of some numbers. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  readonly most: number;
}

/** The values in at most `wished` + 1 bins of a round width (1, 2 or 5 times a power of ten); none for no values. */
export function histogram(values: readonly number[], wished = 10): Bin[] {
  const { least, most } = spread(values) ?? {};
  if (least === undefined || most === undefined) return [];
  const width = roundWidth((most - least) / wished);
  const first = Math.floor(least / width);
  const last = Math.max(first, Math.ceil(most / width) - 1);
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const value of values) {
    const index = Math.min(last, Math.floor(value / width)) - first;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => ({ from: (first + index) * width, to: (first + index + 1) * width, count }));
}

/** Undefined for no values. */
export function spread(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return undefined;
  const middle = [sorted[Math.floor((sorted.length - 1) / 2)] ?? least, sorted[Math.floor(sorted.length / 2)] ?? most];
  const median = (middle[0] ?? 0) / 2 + (middle[1] ?? 0) / 2;
  return { least, median, mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length, most };
}

function roundWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5].find((one) => one * power >= width) ?? 10;
  return factor * power;
}
