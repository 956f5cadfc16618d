import { TableError } from "./records.js";
import type { Table } from "./table.js";
import { numberOf, TripTimes } from "./tripCells.js";
import { missingTripColumns, type requiredTripColumns, type TripFeature } from "./trips.js";

/** One list a feature, each as long as the table; null is a missing value. */
export type Features = Readonly<Record<TripFeature, readonly (number | string | null)[]>>;

type RequiredColumn = (typeof requiredTripColumns)[number];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The features of `contract/trips.ts` from a table of trips; throws a `TableError` naming missing columns or the bad row. */
export function prepareFeatures(table: Table): Features {
  const made = new FeatureColumns(table.header);
  for (const [index, cells] of table.rows.entries()) made.add(cells, index + 1);
  return made.features;
}

/** The features of trips that come row by row. */
export class FeatureColumns {
  readonly #columns = {
    trip_minutes: [] as (number | null)[],
    distance: [] as (number | null)[],
    passengers: [] as (number | null)[],
    tolls: [] as (number | null)[],
    pickup_hour: [] as (number | null)[],
    pickup_weekday: [] as (number | null)[],
    color: [] as (string | null)[],
    pickup_zone: [] as (string | null)[],
    dropoff_zone: [] as (string | null)[],
    pickup_borough: [] as (string | null)[],
    dropoff_borough: [] as (string | null)[],
  } satisfies Features;
  readonly #times = new TripTimes();
  readonly #at: Readonly<Record<RequiredColumn, number>>;

  /** Throws a `TableError` that names the columns which the header lacks. */
  constructor(header: readonly string[]) {
    const missing = missingTripColumns(header);
    if (missing.length > 0) {
      const noun = missing.length === 1 ? "column" : "columns";
      throw new TableError(`The file lacks the ${noun} ${missing.join(", ")}.`);
    }
    const at = (column: RequiredColumn) => header.indexOf(column);
    this.#at = {
      pickup: at("pickup"),
      dropoff: at("dropoff"),
      passengers: at("passengers"),
      distance: at("distance"),
      tolls: at("tolls"),
      color: at("color"),
      pickup_zone: at("pickup_zone"),
      dropoff_zone: at("dropoff_zone"),
      pickup_borough: at("pickup_borough"),
      dropoff_borough: at("dropoff_borough"),
    };
  }

  get features(): Features {
    return this.#columns;
  }

  /** Throws a `TableError` that names the row, which counts from 1, and the cell. */
  add(cells: readonly string[], row: number): void {
    const [columns, at, times] = [this.#columns, this.#at, this.#times];
    const pickup = times.of(trimmed(cells[at.pickup]), "pickup", row);
    const dropoff = times.of(trimmed(cells[at.dropoff]), "dropoff", row);
    columns.trip_minutes.push(pickup === null || dropoff === null ? null : (dropoff - pickup) / minuteMs);
    columns.distance.push(numberOf(trimmed(cells[at.distance]), "distance", row));
    columns.passengers.push(numberOf(trimmed(cells[at.passengers]), "passengers", row));
    columns.tolls.push(numberOf(trimmed(cells[at.tolls]), "tolls", row));
    columns.pickup_hour.push(pickup === null ? null : Math.floor(modulo(pickup, dayMs) / hourMs));
    // the epoch began on a Thursday
    columns.pickup_weekday.push(pickup === null ? null : modulo(Math.floor(pickup / dayMs) + 3, 7));
    columns.color.push(trimmed(cells[at.color]) || null);
    columns.pickup_zone.push(trimmed(cells[at.pickup_zone]) || null);
    columns.dropoff_zone.push(trimmed(cells[at.dropoff_zone]) || null);
    columns.pickup_borough.push(trimmed(cells[at.pickup_borough]) || null);
    columns.dropoff_borough.push(trimmed(cells[at.dropoff_borough]) || null);
  }
}

const trimmed = (cell: string | undefined) => cell?.trim() ?? "";

const modulo = (value: number, by: number) => value - by * Math.floor(value / by);
