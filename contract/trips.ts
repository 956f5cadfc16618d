/**
 * The columns of a taxi trip file (CSV with a header line), named as in the public New York trip records. A file to
 * score must have `requiredTripColumns`; `fare` (US dollars) is the known answer and may be missing.
 */
export const tripColumns = [
  "pickup",
  "dropoff",
  "passengers",
  "distance",
  "fare",
  "tip",
  "tolls",
  "total",
  "color",
  "payment",
  "pickup_zone",
  "dropoff_zone",
  "pickup_borough",
  "dropoff_borough",
] as const;

export type TripColumn = (typeof tripColumns)[number];

/** What the features are made of; an empty cell is a missing value. `tip` and `total` would give the answer away. */
export const requiredTripColumns = [
  "pickup",
  "dropoff",
  "passengers",
  "distance",
  "tolls",
  "color",
  "pickup_zone",
  "dropoff_zone",
  "pickup_borough",
  "dropoff_borough",
] as const;

export const knownFareColumn = "fare";

/**
 * What the model reads, in order. A feature is missing when a cell that it is made of is empty; it is never zero for
 * that reason. Cells are stripped of blanks at both ends. Prepared alike by the local scoring and by score.py.
 *
 * - `trip_minutes`: `dropoff` minus `pickup`, in minutes. Times are local wall time, `YYYY-MM-DD HH:MM:SS`.
 * - `pickup_hour`: 0 to 23; `pickup_weekday`: 0 (Monday) to 6 (Sunday).
 * - The rest are the columns of the same name: numbers are decimal, `distance` in miles, `tolls` in US dollars.
 */
export const tripFeatures = [
  { name: "trip_minutes", kind: "number" },
  { name: "distance", kind: "number" },
  { name: "passengers", kind: "number" },
  { name: "tolls", kind: "number" },
  { name: "pickup_hour", kind: "number" },
  { name: "pickup_weekday", kind: "number" },
  { name: "color", kind: "category" },
  { name: "pickup_zone", kind: "category" },
  { name: "dropoff_zone", kind: "category" },
  { name: "pickup_borough", kind: "category" },
  { name: "dropoff_borough", kind: "category" },
] as const;

export type TripFeature = (typeof tripFeatures)[number]["name"];

/** How a time in a cell looks: `YYYY-MM-DD HH:MM:SS`, local wall time. */
export const tripTimePattern = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})$/;

/** How a number in a cell looks; `nan` and `inf` are not numbers. */
export const tripNumberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The columns of `predictions.csv` in their order: AppendRow writes no header, one blank between values, quotes round a
 * value that holds a blank, nothing for a missing value. `row` counts the input file's data rows from 1;
 * `predicted_fare` has two decimals; the others are the input's cells as they stand there.
 */
export const scoreColumns = [
  "row",
  "pickup",
  "pickup_zone",
  "dropoff_zone",
  "distance",
  "fare",
  "predicted_fare",
] as const;

/** The required columns that a header lacks. */
export function missingTripColumns(header: readonly string[]): string[] {
  return requiredTripColumns.filter((column) => !header.includes(column));
}
