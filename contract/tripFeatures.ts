import { type Table, TableError } from "./table.js";
import { missingTripColumns, type TripFeature, tripFeatures, tripNumberPattern, tripTimePattern } from "./trips.js";

/** One list a feature, each as long as the table; null is a missing value. */
export type Features = Readonly<Record<TripFeature, readonly (number | string | null)[]>>;

type Cell = (column: string) => string;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The features of `contract/trips.ts` from a table of trips; throws a `TableError` naming missing columns or the bad row. */
export function prepareFeatures(table: Table): Features {
  const missing = missingTripColumns(table.header);
  if (missing.length > 0) {
    const noun = missing.length === 1 ? "column" : "columns";
    throw new TableError(`The file lacks the ${noun} ${missing.join(", ")}.`);
  }
  const position = new Map(table.header.map((name, index) => [name, index]));
  const made = table.rows.map((cells, index) => {
    const cell: Cell = (column) => cells[position.get(column) ?? -1]?.trim() ?? "";
    return featuresOfRow(cell, index + 1);
  });
  const columns = tripFeatures.map(({ name }) => [name, made.map((row) => row[name])]);
  return Object.fromEntries(columns) as Features;
}

/** The number in a cell, null when it is empty. */
export function numberOf(text: string, column: string, row: number): number | null {
  if (text === "") return null;
  if (!tripNumberPattern.test(text)) throw new TableError(`Row ${row}: ${column} is '${text}', which is not a number.`);
  return Number(text);
}

function featuresOfRow(cell: Cell, row: number): Record<TripFeature, number | string | null> {
  const number = (column: string) => numberOf(cell(column), column, row);
  const text = (column: string) => cell(column) || null;
  const pickup = timeOf(cell("pickup"), "pickup", row);
  const dropoff = timeOf(cell("dropoff"), "dropoff", row);
  return {
    trip_minutes: pickup === null || dropoff === null ? null : (dropoff - pickup) / minuteMs,
    distance: number("distance"),
    passengers: number("passengers"),
    tolls: number("tolls"),
    pickup_hour: pickup === null ? null : Math.floor(modulo(pickup, dayMs) / hourMs),
    // the epoch began on a Thursday
    pickup_weekday: pickup === null ? null : modulo(Math.floor(pickup / dayMs) + 3, 7),
    color: text("color"),
    pickup_zone: text("pickup_zone"),
    dropoff_zone: text("dropoff_zone"),
    pickup_borough: text("pickup_borough"),
    dropoff_borough: text("dropoff_borough"),
  };
}

/** Wall time in milliseconds as if it were UTC; a difference of two is the time between them. */
function timeOf(text: string, column: string, row: number): number | null {
  if (text === "") return null;
  const moment = tripTimePattern.test(text) ? Date.parse(`${text.replace(" ", "T")}Z`) : Number.NaN;
  const isReal = !Number.isNaN(moment) && new Date(moment).toISOString().slice(0, 19) === text.replace(" ", "T");
  if (isReal) return moment;
  throw new TableError(`Row ${row}: ${column} is '${text}', which is not a time like 2019-03-23 20:21:09.`);
}

const modulo = (value: number, by: number) => ((value % by) + by) % by;
