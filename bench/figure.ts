/** One measured figure; `peer` names what `ratio` compares with, where there is something to compare with. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MB" | "requests/s" | "evaluations/s" | "activity runs/s" | "rows/s" | "requests";
  readonly peer: string | null;
  readonly ratio: number | null;
  /** What `value` was taken from, where that is one run with many samples. */
  readonly samples?: readonly number[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
