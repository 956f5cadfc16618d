/** How many values lie in `from` (included) to `to` (excluded; included in the last bin). */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Smallest, middle, mean and greatest of some numbers; `exact` is false where the median comes from rounded values. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  readonly most: number;
  readonly exact: boolean;
}

/** Enough for every cent of a thousand dollars. */
const mostKept = 100_000;

/**
 * Counts numbers by value, in memory that does not grow with their count: where there are more different ones than it may
 * keep, they are rounded (to hundredths, tenths, …). That affects the median and the histogram; all else stays exact.
 */
export class Tally {
  readonly #mostKept: number;
  #counts = new Map<number, number>();
  /** What values are rounded to a multiple of; 0: not at all. */
  #step = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** `limit`: how many different values are kept at most. */
  constructor(limit = mostKept) {
    this.#mostKept = limit;
  }

  /** How many numbers were added. */
  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    this.#put(value, 1);
    while (this.#counts.size > this.#mostKept) this.#coarsen();
  }

  /** Undefined for no values. */
  spread(): Spread | undefined {
    if (this.count === 0) return undefined;
    const sorted = [...this.#counts].sort(([one], [other]) => one - other);
    const median = nth(sorted, Math.floor((this.count - 1) / 2)) / 2 + nth(sorted, Math.floor(this.count / 2)) / 2;
    const [least, most] = [this.#least, this.#greatest];
    return { least, median, mean: this.#sum / this.count, most, exact: this.#step === 0 };
  }

  /** The values in at most `wished` + 1 bins of a round width (1, 2 or 5 times a power of ten); none for no values. */
  histogram(wished = 10): Bin[] {
    if (this.count === 0) return [];
    const width = roundWidth((this.#greatest - this.#least) / wished);
    const first = Math.floor(this.#least / width);
    const last = Math.max(first, Math.ceil(this.#greatest / width) - 1);
    const counts = Array.from({ length: last - first + 1 }, () => 0);
    for (const [value, count] of this.#counts) {
      const index = Math.min(last, Math.max(first, Math.floor(value / width))) - first;
      counts[index] = (counts[index] ?? 0) + count;
    }
    return counts.map((count, index) => ({ from: (first + index) * width, to: (first + index + 1) * width, count }));
  }

  #put(value: number, count: number): void {
    const kept = this.#step === 0 ? value : Math.round(value / this.#step) * this.#step;
    this.#counts.set(kept, (this.#counts.get(kept) ?? 0) + count);
  }

  #coarsen(): void {
    const finest = 10 ** Math.floor(Math.log10((this.#greatest - this.#least) / this.#mostKept));
    this.#step = Math.max(this.#step * 10, finest);
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [value, count] of counts) this.#put(value, count);
  }
}

/** The value at that place, from 0, of values in order with their counts. */
function nth(sorted: readonly (readonly [value: number, count: number])[], place: number): number {
  let passed = 0;
  for (const [value, count] of sorted) {
    passed += count;
    if (passed > place) return value;
  }
  return Number.NaN;
}

function roundWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5].find((one) => one * power >= width) ?? 10;
  return factor * power;
}
