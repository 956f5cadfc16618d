import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { endOfJson } from "./endOfJson.js";
import { wrongShape } from "./wrongShape.js";

/**
 * Reads a JSON file of the user's by a schema. Rejects with a `ProgramError` (exit code 2) that names the file and either the
 * line and column where it stops being JSON, or the member that is wrong and `form`, one sentence on what the file holds.
 */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>, form: string): Promise<T> {
  const content = await readFile(file, "utf8").catch((error: unknown) => unusable(file, error, missing));
  // Studio writes a byte order mark into some files
  const text = content.replace(/^\uFEFF/, "");
  const value = parsed(file, text, form);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { error } = result;
  throw new ProgramError(exitCodes.usage, `${file} cannot be used: ${wrongShape(value, error)}`, {
    cause: error,
    cure: form,
  });
}

function parsed(file: string, text: string, form: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(file, text, form, error);
  }
}

/** Throws the `ProgramError` (exit code 2) of a file or folder that cannot be used. */
export function unusable(place: string, error: unknown, cure: string = missing): never {
  throw new ProgramError(exitCodes.usage, `${place} cannot be used: ${reasonOf(error)}`, { cause: error, cure });
}

const missing = "Name one that is there and can be read; relative paths begin at the current folder.";

function notJson(file: string, text: string, form: string, cause: unknown): ProgramError {
  const end = endOfJson(text);
  const before = text.slice(0, end).split("\n");
  const at = `${file}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
  const line = text.split("\n")[before.length - 1]?.trim() ?? "";
  const shown = line === "" ? "" : `, in \`${line.slice(0, 80)}\``;
  if (text.slice(0, end).trim() === "") {
    const begin = line === "" ? "it is empty" : `it begins with \`${line.slice(0, 80)}\``;
    return new ProgramError(exitCodes.usage, `${file} cannot be used: it is no JSON file, ${begin}`, {
      cause,
      cure: form,
    });
  }
  return new ProgramError(exitCodes.usage, `${file} cannot be used: it stops being JSON at ${at}${shown}`, {
    cause,
    cure: "Look for a comma, quote or bracket too many or too few just before that place.",
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error && error.code === "ENOENT"
    ? "there is no such file or folder"
    : messageOf(error);
}
