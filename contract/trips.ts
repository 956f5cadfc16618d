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

/** What the model reads; an empty cell is a missing value. `tip` and `total` would give the answer away. */
export const requiredTripColumns = [
  "pickup",
  "dropoff",
  "passengers",
  "distance",
  "tolls",
  "color",
  "payment",
  "pickup_zone",
  "dropoff_zone",
  "pickup_borough",
  "dropoff_borough",
] as const;

export const knownFareColumn = "fare";

/**
 * The columns of `predictions.csv` in their order: AppendRow writes no header, one blank between values, quotes round a
 * value that holds a blank, nothing for a missing value. `row` counts the input file's data rows from 1.
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
