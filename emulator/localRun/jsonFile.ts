import { readFile } from "node:fs/promises";
import { z } from "zod";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { endOfJson } from "./endOfJson.js";

/**
 * Reads a JSON file of the user's by a schema. Rejects with a `ProgramError` (exit code 2) that names the file and either the
 * line and column where it stops being JSON, or the member that is wrong and `form`, one sentence on what the file holds.
 */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>, form: string): Promise<T> {
  const content = await readFile(file, "utf8").catch((error: unknown) => unusable(file, error, missing));
  // Studio writes a byte order mark into some files
  const text = content.replace(/^\uFEFF/, "");
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson(file, text, error);
    return unusable(file, error, form);
  }
}

/** Throws the `ProgramError` (exit code 2) of a file or folder that cannot be used. */
export function unusable(place: string, error: unknown, cure: string = missing): never {
  throw new ProgramError(exitCodes.usage, `${place} cannot be used: ${reasonOf(error)}`, { cause: error, cure });
}

const missing = "Name one that is there and can be read; relative paths begin at the current folder.";

function notJson(file: string, text: string, cause: SyntaxError): ProgramError {
  const before = text.slice(0, endOfJson(text)).split("\n");
  const at = `${file}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
  const line = text.split("\n")[before.length - 1]?.trim() ?? "";
  const shown = line === "" ? "" : `, in \`${line.slice(0, 80)}\``;
  return new ProgramError(exitCodes.usage, `${file} cannot be used: it stops being JSON at ${at}${shown}`, {
    cause,
    cure: "Look for a comma, quote or bracket too many or too few just before that place.",
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error && "code" in error && error.code === "ENOENT"
    ? "there is no such file or folder"
    : messageOf(error);
}
