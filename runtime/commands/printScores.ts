import type { z } from "zod";
import type { ScoreSummary } from "../machineLearning/scoreSummary.js";
import { histogramLines } from "../terminal/histogramLines.js";
import { tableLines } from "../terminal/table.js";
import type { Terminal } from "../terminal/terminal.js";
import { printable } from "../terminal/text.js";
import type { scoresDocument } from "./documents.js";

type Document = z.infer<typeof scoresDocument>;

/** A run's scores, and which deployments they are of, where that is known. */
export interface Scores {
  readonly runId: string;
  readonly url: string;
  readonly scoredBy: Document["scoredBy"];
  readonly summary: ScoreSummary;
}

/** What `scores --json` writes. */
export function scoresDocumentOf({ runId, url, scoredBy, summary }: Scores): Document {
  const { known = 0, meanAbsoluteError = null, rootMeanSquareError = null } = summary.errors ?? {};
  return {
    runId,
    url,
    scoredBy,
    rows: summary.rows,
    known,
    meanAbsoluteError,
    rootMeanSquareError,
    predicted: summary.fares ?? null,
    histogram: [...summary.bins],
    first: [...summary.first],
  };
}

/** The same for a person; the table and the histogram fit into `width` columns. */
export function printScores({ url, scoredBy, summary }: Scores, terminal: Terminal, width: number): void {
  const { rows, first, fares, bins, errors } = summary;
  terminal.line(`${rows} ${rows === 1 ? "row" : "rows"} scored: ${url}`);
  for (const { deployment, model, endpoint } of scoredBy ?? []) {
    const of = model === null ? "" : ` (model ${printable(model)})`;
    terminal.line(`by deployment ${printable(deployment)}${of} of ${printable(endpoint)}`);
  }
  const table = [
    ["row", "pickup", "fare", "predicted", "from", "to"],
    ...first.map((row) => [
      String(row.row),
      printable(row.pickup),
      dollars(row.fare),
      dollars(row.predicted_fare),
      printable(row.pickup_zone) || "-",
      printable(row.dropoff_zone) || "-",
    ]),
  ];
  if (rows > 0) for (const line of tableLines(table, width)) terminal.line(line);
  if (fares !== undefined) {
    const { least, median, mean, most, exact } = fares;
    const middle = `median ${exact ? "" : "about "}${dollars(median)}`;
    terminal.line(`predicted fares: ${dollars(least)} to ${dollars(most)}, ${middle}, mean ${dollars(mean)}`);
    const isWhole = bins.every(({ from }) => Number.isInteger(from));
    const label = (value: number) => (isWhole ? `$${value}` : dollars(value));
    for (const line of histogramLines(bins, Math.min(width, 80) - 3, label)) terminal.line(`  ${line}`);
  }
  if (errors === undefined) return;
  const of = errors.known === rows ? "" : ` (known for ${errors.known} of ${rows} rows)`;
  terminal.line(
    `error against the known fares: ${dollars(errors.meanAbsoluteError)} on average, ${dollars(errors.rootMeanSquareError)} root mean square${of}`,
  );
}

function dollars(value: number | null): string {
  return value === null ? "-" : `$${value.toFixed(2)}`;
}
