import { readFileSync } from "node:fs";
import path from "node:path";
import { exitCodes, messageOf, ProgramError } from "../contract/errors.js";
import { readTable, TableError } from "../contract/table.js";
import { prepareFeatures } from "../contract/tripFeatures.js";
import { missingTripColumns, requiredTripColumns } from "../contract/trips.js";

/**
 * Checks a file to score before anything starts, by the rules that the job reads it with. Returns its absolute path;
 * throws a usage `ProgramError` that names the columns it lacks, or the row that cannot be read.
 */
export function checkTripFile(file: string): string {
  const absolute = path.resolve(file);
  const bytes = read(file, absolute);
  try {
    const table = readTable(bytes);
    const missing = missingTripColumns(table.header);
    if (missing.length > 0) {
      const columns = missing.length === 1 ? "column" : "columns";
      throw refusal(`${file} lacks the ${columns} ${missing.join(", ")}.`, formOf(table.header));
    }
    prepareFeatures(table);
  } catch (error) {
    if (error instanceof TableError) throw refusal(`${file} cannot be scored. ${error.message}`, form);
    throw error;
  }
  return absolute;
}

const form = `It must be UTF-8 text with commas between the values and a first line that names the columns, in any order: ${requiredTripColumns.join(", ")}; fare, where it is known, is compared with.`;

function formOf(header: readonly string[]): string {
  const isOtherSeparator = header.length === 1 && /[;\t|]/.test(header[0] ?? "");
  return isOtherSeparator ? `Its values seem to be separated by something else than commas. ${form}` : form;
}

function read(file: string, absolute: string): Uint8Array {
  try {
    return readFileSync(absolute);
  } catch (error) {
    throw refusal(`${file} cannot be read: ${messageOf(error)}`, "Name a CSV file.");
  }
}

function refusal(message: string, cure: string): ProgramError {
  return new ProgramError(exitCodes.usage, message, { cure });
}
