import path from "node:path";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { TableError } from "../contract/table.js";
import { rowsOf, type TableChunk, TableCutter } from "../contract/tableChunks.js";
import { FeatureColumns } from "../contract/tripFeatures.js";
import { missingTripColumns, requiredTripColumns } from "../contract/trips.js";
import { filePieces } from "./filePieces.js";

/**
 * Checks a file to score before anything starts, by the rules that the job reads it with. Returns its absolute path;
 * throws a usage `ProgramError` that names the columns it lacks, or the row that cannot be read.
 */
export function checkTripFile(file: string): string {
  const absolute = path.resolve(file);
  const cutter = new TableCutter();
  try {
    for (const piece of filePieces(absolute)) for (const chunk of cutter.push(piece)) check(file, chunk);
    for (const chunk of cutter.end()) check(file, chunk);
  } catch (error) {
    if (error instanceof TableError) throw refusal(`${file} cannot be scored. ${error.message}`, form);
    if (error instanceof Error && "syscall" in error) throw unreadable(file, absolute, error);
    throw error;
  }
  return absolute;
}

function check(file: string, chunk: TableChunk): void {
  let [features, row]: [FeatureColumns | undefined, number] = [undefined, chunk.firstRow];
  for (const cells of rowsOf(chunk)) {
    features ??= featuresOf(file, chunk.header);
    features.add(cells, row);
    row += 1;
  }
}

function featuresOf(file: string, header: readonly string[]): FeatureColumns {
  const missing = missingTripColumns(header);
  if (missing.length === 0) return new FeatureColumns(header);
  const columns = missing.length === 1 ? "column" : "columns";
  throw refusal(`${file} lacks the ${columns} ${missing.join(", ")}.`, formOf(header));
}

const form = `It must be UTF-8 text with commas between the values and a first line that names the columns, in any order: ${requiredTripColumns.join(", ")}; fare, where it is known, is compared with.`;

function formOf(header: readonly string[]): string {
  const isOtherSeparator = header.length === 1 && /[;\t|]/.test(header[0] ?? "");
  return isOtherSeparator ? `Its values seem to be separated by something else than commas. ${form}` : form;
}

function unreadable(file: string, absolute: string, cause: Error & { readonly code?: unknown }): ProgramError {
  const reason = cause.code === "ENOENT" ? `there is no file ${absolute}` : cause.message;
  return refusal(
    `${file} cannot be read: ${reason}.`,
    "Name a CSV file that is there; a relative path begins at the current folder.",
  );
}

function refusal(message: string, cure: string): ProgramError {
  return new ProgramError(exitCodes.usage, message, { cure });
}
