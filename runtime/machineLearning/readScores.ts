import { stringify } from "csv-stringify/sync";
import { scoreColumns } from "../../contract/trips.js";
import type { OutputFile } from "./outputFile.js";
import { ScoreSummary } from "./scoreSummary.js";
import { ScoreReader, scoreRow } from "./scores.js";

/** Where the scores are kept: as the service wrote them, and as a CSV file with a header. */
export interface ScoreFiles {
  readonly bytes?: OutputFile | undefined;
  readonly csv?: OutputFile | undefined;
}

/** `refusal`: the error where the file does not have the form of scores; then no `csv` is written. */
export interface ReadScores {
  readonly summary: ScoreSummary;
  readonly refusal: unknown;
}

/** Summarizes scores that come piece by piece and writes each piece to the files; `bytes` gets all of them, even where they are no scores. */
export async function readScores(
  pieces: AsyncIterable<Uint8Array>,
  files: ScoreFiles,
  shownRows: number,
): Promise<ReadScores> {
  const reader = new ScoreReader();
  const summary = new ScoreSummary(shownRows);
  let refusal: unknown;
  let header: (readonly string[])[] = [scoreColumns];
  let isWhole = false;
  async function take(records: Iterable<readonly string[]>): Promise<void> {
    const lines = [...header];
    try {
      for (const cells of records) {
        summary.take(scoreRow(cells, summary.rows + 1));
        if (files.csv) lines.push(cells);
      }
    } catch (thrown) {
      refusal = thrown;
      return;
    }
    header = [];
    await files.csv?.write(stringify(lines));
  }
  try {
    for await (const piece of pieces) {
      await files.bytes?.write(piece);
      if (refusal === undefined) await take(reader.push(piece));
      else if (!files.bytes) break;
    }
    await files.bytes?.write("");
    if (refusal === undefined) await take(reader.end());
    isWhole = true;
    return { summary, refusal };
  } finally {
    await Promise.all([
      files.bytes?.close({ isWhole }),
      files.csv?.close({ isWhole: isWhole && refusal === undefined }),
    ]);
  }
}
