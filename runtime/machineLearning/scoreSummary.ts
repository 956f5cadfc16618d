import { type Bin, type Spread, Tally } from "./histogram.js";
import type { ScoreRow } from "./scores.js";

/** How far the predictions are from the known fares, in US dollars; `known` counts the rows that have a known fare. */
export interface ScoreErrors {
  readonly known: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquareError: number;
}

/** What there is to say of any number of scores, in memory that does not grow with it. */
export class ScoreSummary {
  readonly #shown: number;
  #first: ScoreRow[] = [];
  readonly #predicted = new Tally();
  #known = 0;
  #absolute = 0;
  #square = 0;

  /** `shown`: how many of the first rows are kept. */
  constructor(shown: number) {
    this.#shown = shown;
  }

  take(row: ScoreRow): void {
    const last = this.#first[this.#shown - 1];
    if (last === undefined || row.row < last.row) {
      this.#first = [...this.#first, row].sort((one, other) => one.row - other.row).slice(0, this.#shown);
    }
    this.#predicted.add(row.predicted_fare);
    if (row.fare === null) return;
    this.#known += 1;
    this.#absolute += Math.abs(row.predicted_fare - row.fare);
    this.#square += (row.predicted_fare - row.fare) ** 2;
  }

  get rows(): number {
    return this.#predicted.count;
  }

  /** The first rows of the input, not of the file: mini-batches append their rows in any order. */
  get first(): readonly ScoreRow[] {
    return this.#first;
  }

  /** The error against the known fares; undefined where no row has one. */
  get errors(): ScoreErrors | undefined {
    const known = this.#known;
    if (known === 0) return undefined;
    return {
      known,
      meanAbsoluteError: this.#absolute / known,
      rootMeanSquareError: Math.sqrt(this.#square / known),
    };
  }

  /** Of the predicted fares; undefined where there are no rows. */
  get fares(): Spread | undefined {
    return this.#predicted.spread();
  }

  get bins(): readonly Bin[] {
    return this.#predicted.histogram();
  }
}
