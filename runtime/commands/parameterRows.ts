import { isJsonObject } from "../../contract/json.js";

/** Name, type and default of each parameter of `pipelineParameters` in the stack outputs, as rows of a table. */
export function parameterRows(parameters: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(parameters).map(([name, definition]) => [name, ...describe(definition)]);
}

function describe(definition: unknown): string[] {
  if (!isJsonObject(definition)) return [];
  const { type, defaultValue } = definition;
  return [String(type), defaultValue === undefined ? "required" : `default ${JSON.stringify(defaultValue)}`];
}
