import { exitCodes } from "../../contract/errors.js";
import { downloadScores } from "../machineLearning/downloadScores.js";
import { parseScores, type ScoreErrors, type ScoreRow, scoreErrors } from "../machineLearning/scores.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import { tableLines } from "../terminal/table.js";
import { createTerminal, type Terminal } from "../terminal/terminal.js";
import { printable } from "../terminal/text.js";
import type { CommandContext } from "./context.js";
import { comeBackLine } from "./followRun.js";
import { withSession } from "./session.js";

export interface ScoresArguments extends StackSelection {
  readonly json?: boolean;
}

const shownRows = 5;

/** Downloads a run's scores and prints how many there are, the first ones, and the error against the known fares. */
export async function scoresCommand(
  runId: string,
  arguments_: ScoresArguments,
  context: CommandContext,
): Promise<number> {
  const outputs = await findStack(arguments_, context);
  const terminal = createTerminal(context);
  return withSession(outputs, context, async ({ http, tokens }) => {
    const place = { scoresUrl: outputs.scoresUrl, runId, monitor: comeBackLine(runId, arguments_, context) };
    const { url, text } = await downloadScores(place, http, tokens, context.signal);
    const rows = parseScores(text);
    const errors = scoreErrors(rows);
    if (arguments_.json) {
      const { known = 0, meanAbsoluteError = null, rootMeanSquareError = null } = errors ?? {};
      const first = rows.slice(0, shownRows);
      terminal.line(
        JSON.stringify({ runId, url, rows: rows.length, known, meanAbsoluteError, rootMeanSquareError, first }),
      );
    } else
      printScores({ url, rows, errors }, terminal, context.isTerminal ? context.columns : Number.POSITIVE_INFINITY);
    return exitCodes.succeeded;
  });
}

interface Scores {
  readonly url: string;
  readonly rows: readonly ScoreRow[];
  readonly errors: ScoreErrors | undefined;
}

function printScores({ url, rows, errors }: Scores, terminal: Terminal, width: number): void {
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
  if (errors === undefined) return;
  const of = errors.known === rows.length ? "" : ` (known for ${errors.known} of ${rows.length} rows)`;
  terminal.line(
    `error against the known fares: ${dollars(errors.meanAbsoluteError)} on average, ${dollars(errors.rootMeanSquareError)} root mean square${of}`,
  );
}

function dollars(value: number | null): string {
  return value === null ? "-" : `$${value.toFixed(2)}`;
}
