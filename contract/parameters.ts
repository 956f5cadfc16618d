import { readFile } from "node:fs/promises";
import path from "node:path";
import { exitCodes, messageOf, ProgramError } from "./errors.js";
import { isJsonObject, type Json } from "./json.js";
import { didYouMean } from "./nearestName.js";
import type { ParameterType } from "./pipeline.js";

/** As the stack outputs carry it; without a default the parameter must be given. */
export interface ParameterDefinition {
  readonly type: ParameterType;
  readonly defaultValue?: Json | undefined;
}

export type ParameterDefinitions = Readonly<Record<string, ParameterDefinition>>;
export type ParameterValues = Readonly<Record<string, Json>>;

/** The parameter that carries the caller's correlation id, where a pipeline has it. */
export const correlationParameter = "correlationId";

/**
 * The values to start with, checked by name and type against the pipeline's definitions. `texts` are `name=value` of the
 * command line and win over `fileValues`. Rejects with one error (exit code 2) that lists every mistake.
 */
export function checkParameters(
  texts: readonly string[],
  fileValues: ParameterValues,
  definitions: ParameterDefinitions,
): ParameterValues {
  const mistakes: string[] = [];
  const values = new Map<string, Json>();
  for (const [name, value] of Object.entries(fileValues)) {
    const definition = known(name, definitions, mistakes);
    if (definition === undefined) continue;
    if (fits(value, definition.type)) values.set(name, value);
    else mistakes.push(`${name} must be ${expected(definition.type)}, the file has ${describe(value)}`);
  }
  for (const text of texts) {
    const split = text.indexOf("=");
    if (split < 1) {
      mistakes.push(`--param ${text}: write name=value`);
      continue;
    }
    const name = text.slice(0, split);
    const definition = known(name, definitions, mistakes);
    if (definition === undefined) continue;
    const value = parseText(text.slice(split + 1), definition.type);
    if (value !== undefined) values.set(name, value);
    else mistakes.push(`${name} must be ${expected(definition.type)}${shown(text.slice(split + 1), definition.type)}`);
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const needed = definition.defaultValue === undefined && name !== correlationParameter;
    const told = mistakes.some((mistake) => mistake.startsWith(`${name} must be `));
    if (needed && !told && !values.has(name))
      mistakes.push(`${name} (${definition.type}) has no default: give it a value`);
  }
  if (mistakes.length > 0) throw parameterError(mistakes, definitions);
  return Object.fromEntries(values);
}

/** Reads `--params-file`: one JSON object, name to value. */
export async function readParametersFile(file: string, directory: string): Promise<ParameterValues> {
  const at = path.resolve(directory, file);
  const text = await readFile(at, "utf8").catch((thrown: unknown) => {
    const cure = `check the path: it means ${at}`;
    throw fileError(file, `cannot be read: ${messageOf(thrown)}`, { cure, cause: thrown });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    // after the comma JSON.parse quotes the file, which may hold a secret
    throw fileError(file, `is not JSON: ${messageOf(thrown).replace(/, (?:\.\.\.)?".*/s, "")}`);
  }
  if (isJsonObject(value)) return value;
  throw fileError(file, `holds ${describe(value as Json)} where an object should be`);
}

function fileError(file: string, what: string, options: { cure?: string; cause?: unknown } = {}): ProgramError {
  const cure = 'write one JSON object: {"name": value, …}; --help tells the names';
  return new ProgramError(exitCodes.usage, `--params-file ${file} ${what}`, { cure, ...options });
}

function known(name: string, definitions: ParameterDefinitions, mistakes: string[]): ParameterDefinition | undefined {
  if (Object.hasOwn(definitions, name)) return definitions[name];
  mistakes.push(`${name} is no parameter of this pipeline${didYouMean(name, Object.keys(definitions))}`);
  return undefined;
}

function parameterError(mistakes: readonly string[], definitions: ParameterDefinitions): ProgramError {
  const list = Object.entries(definitions).map(([name, { type }]) => `${name} (${type})`);
  const one = mistakes.length === 1 ? "a parameter is wrong" : `${mistakes.length} parameters are wrong`;
  return new ProgramError(exitCodes.usage, `${one}, nothing was started:\n  ${mistakes.join("\n  ")}`, {
    cure: list.length === 0 ? "this pipeline takes no parameters" : `this pipeline takes ${list.join(", ")}`,
  });
}

function fits(value: Json, type: ParameterType): boolean {
  if (!isWritable(value)) return false;
  if (type === "Int") return Number.isSafeInteger(value);
  if (type === "Float") return typeof value === "number";
  if (type === "Bool") return typeof value === "boolean";
  if (type === "Array") return Array.isArray(value);
  if (type === "Object") return isJsonObject(value);
  return typeof value === "string";
}

/** JSON has no number beyond the range of a double: it would be sent as null. */
function isWritable(value: Json): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isWritable);
}

/** What the text of the command line means as that type; undefined when it does not fit. */
function parseText(text: string, type: ParameterType): Json | undefined {
  if (type === "String" || type === "SecureString") return text;
  const value = parseJson(type === "Bool" ? text.toLowerCase() : text);
  return value !== undefined && fits(value, type) ? value : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const expectations: Readonly<Record<ParameterType, string>> = {
  Int: "a whole number",
  Float: "a number",
  Bool: "true or false",
  Array: 'a JSON array, as ["a", "b"]',
  Object: 'a JSON object, as {"a": 1}',
  String: "a text",
  SecureString: "a text",
};

function expected(type: ParameterType): string {
  return `${expectations[type]} (${type})`;
}

function shown(text: string, type: ParameterType): string {
  return type === "SecureString" ? "" : `, not ${JSON.stringify(text)}`;
}

function describe(value: Json): string {
  if (value === null) return "null";
  if (!isWritable(value)) return "a number that is too large";
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
