import { closeSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { inferSchema } from "udsv";
import { exitCodes, messageOf, ProgramError } from "../contract/errors.js";
import { missingTripColumns } from "../contract/trips.js";

/** A header line and a row are far shorter than this. */
const headBytes = 64 * 1024;

/**
 * Checks a file to score before anything starts: it can be read, has a header with the columns that the model needs, and
 * at least one row. Returns its absolute path; throws a usage `ProgramError` naming what is missing.
 */
export function checkTripFile(file: string): string {
  const absolute = path.resolve(file);
  const lines = head(absolute)
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/);
  const header = lines[0]?.trim() ? inferSchema(`${lines[0]}\n`).cols.map((column) => column.name) : [];
  const missing = missingTripColumns(header);
  if (missing.length > 0) {
    throw new ProgramError(exitCodes.usage, `${file} lacks the ${plural("column", missing)} ${missing.join(", ")}.`, {
      cure: "The first line must name the columns, as samples/example-data/taxibatch.csv shows; their order does not matter.",
    });
  }
  if (!lines[1]?.trim()) {
    throw new ProgramError(exitCodes.usage, `${file} has a header and no rows: there is nothing to score.`);
  }
  return absolute;
}

function head(file: string): string {
  try {
    const descriptor = openSync(file, "r");
    try {
      const buffer = Buffer.alloc(headBytes);
      return buffer.toString("utf8", 0, readSync(descriptor, buffer));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new ProgramError(exitCodes.usage, `The file cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

const plural = (word: string, things: readonly unknown[]) => (things.length === 1 ? word : `${word}s`);
