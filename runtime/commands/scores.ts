import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { downloadScores, noScores, scoresUrlOf } from "../machineLearning/downloadScores.js";
import { histogram, type Spread, spread } from "../machineLearning/histogram.js";
import { blobOf, jobOutputOf } from "../machineLearning/jobOutput.js";
import { openResourceManager } from "../machineLearning/resourceManager.js";
import { parseScores, type ScoreErrors, type ScoreRow, scoreErrors } from "../machineLearning/scores.js";
import type { StackSelection } from "../stack/findStack.js";
import { activitiesBelow } from "../synapse/activitiesBelow.js";
import { histogramLines } from "../terminal/histogramLines.js";
import { tableLines } from "../terminal/table.js";
import { createTerminal, type Terminal } from "../terminal/terminal.js";
import { printable } from "../terminal/text.js";
import type { CommandContext } from "./context.js";
import type { scoresDocument } from "./documents.js";
import { comeBackLine } from "./ends.js";
import { noSuchRun } from "./noSuchRun.js";
import { type Session, withSession } from "./session.js";

export interface ScoresArguments extends StackSelection {
  readonly json?: boolean;
  /** A file that the scores are written to, as they are. */
  readonly out?: string;
}

const shownRows = 5;

/** Downloads a run's scores and prints how many there are, the first ones, their distribution, and the error against the known fares. */
export async function scoresCommand(
  runId: string,
  arguments_: ScoresArguments,
  context: CommandContext,
): Promise<number> {
  const terminal = createTerminal(context);
  return withSession(arguments_, context, async (session) => {
    const { http, tokens } = session;
    const monitor = comeBackLine([runId], arguments_, context);
    const url = await urlOf(runId, monitor, session, context);
    const text = await downloadScores({ url, runId, monitor }, http, tokens, context.signal);
    const { out } = arguments_;
    if (out !== undefined) {
      await save(path.resolve(context.directory, out), text);
      terminal.note(`saved to ${out}`);
    }
    const rows = parseScores(text);
    const predictions = rows.map((row) => row.predicted_fare);
    const scores = { url, rows, errors: scoreErrors(rows), fares: spread(predictions), bins: histogram(predictions) };
    if (arguments_.json) terminal.line(JSON.stringify(documentOf(runId, scores)));
    else printScores(scores, terminal, context.isTerminal ? context.columns : Number.POSITIVE_INFINITY);
    return exitCodes.succeeded;
  });
}

/** A stack knows where its scores are; else the batch job's own record tells. */
async function urlOf(runId: string, monitor: string, session: Session, context: CommandContext): Promise<string> {
  const { place, synapse, http, tokens } = session;
  if (place.stack !== undefined) return scoresUrlOf(place.stack.scoresUrl, runId);
  const run = await synapse.getRun(runId, context.signal).catch(noSuchRun(runId));
  const { activities } = await activitiesBelow(run, synapse, context.clock, context.signal);
  const output = jobOutputOf(activities);
  const resources = openResourceManager({ http, tokens, clock: context.clock, signal: context.signal });
  const url = output && (await blobOf(output, resources));
  if (url !== undefined) return url;
  throw noScores(runId, monitor, "no activity of it has had a batch endpoint write to a path of a blob datastore");
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (thrown) {
    throw new ProgramError(exitCodes.usage, `--out ${file} cannot be written: ${messageOf(thrown)}`, { cause: thrown });
  }
}

interface Scores {
  readonly url: string;
  readonly rows: readonly ScoreRow[];
  readonly errors: ScoreErrors | undefined;
  /** Of the predicted fares. */
  readonly fares: Spread | undefined;
  readonly bins: ReturnType<typeof histogram>;
}

function documentOf(runId: string, { url, rows, errors, fares, bins }: Scores): z.infer<typeof scoresDocument> {
  const { known = 0, meanAbsoluteError = null, rootMeanSquareError = null } = errors ?? {};
  const predicted = fares ?? null;
  const first = rows.slice(0, shownRows);
  return {
    runId,
    url,
    rows: rows.length,
    known,
    meanAbsoluteError,
    rootMeanSquareError,
    predicted,
    histogram: bins,
    first,
  };
}

function printScores({ url, rows, errors, fares, bins }: Scores, terminal: Terminal, width: number): void {
  terminal.line(`${rows.length} ${rows.length === 1 ? "row" : "rows"} scored: ${url}`);
  const table = [
    ["row", "pickup", "fare", "predicted", "from", "to"],
    ...rows
      .slice(0, shownRows)
      .map((row) => [
        String(row.row),
        printable(row.pickup),
        dollars(row.fare),
        dollars(row.predicted_fare),
        printable(row.pickup_zone) || "-",
        printable(row.dropoff_zone) || "-",
      ]),
  ];
  if (rows.length > 0) for (const line of tableLines(table, width)) terminal.line(line);
  if (fares !== undefined) {
    const { least, median, mean, most } = fares;
    terminal.line(
      `predicted fares: ${dollars(least)} to ${dollars(most)}, median ${dollars(median)}, mean ${dollars(mean)}`,
    );
    const isWhole = bins.every(({ from }) => Number.isInteger(from));
    const label = (value: number) => (isWhole ? `$${value}` : dollars(value));
    for (const line of histogramLines(bins, Math.min(width, 80) - 3, label)) terminal.line(`  ${line}`);
  }
  if (errors === undefined) return;
  const of = errors.known === rows.length ? "" : ` (known for ${errors.known} of ${rows.length} rows)`;
  terminal.line(
    `error against the known fares: ${dollars(errors.meanAbsoluteError)} on average, ${dollars(errors.rootMeanSquareError)} root mean square${of}`,
  );
}

function dollars(value: number | null): string {
  return value === null ? "-" : `$${value.toFixed(2)}`;
}
