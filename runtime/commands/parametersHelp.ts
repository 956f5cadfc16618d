import { readFileSync } from "node:fs";
import path from "node:path";
import { isJsonObject, type Json } from "../../contract/json.js";
import { tableLines } from "../terminal/table.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import { parameterRows } from "./parameterRows.js";

/**
 * The deployed pipeline's parameters and defaults for `--help`, from the file that STACK_OUTPUTS names. Help must work
 * at once and without a network, so nothing else is asked; a file that cannot be read leaves a pointer to `outputs`.
 */
export function deployedParametersHelp(context: CommandContext): string {
  const parameters = readParameters(context);
  if (parameters === undefined) {
    return `\nThe deployed pipeline's parameters: ${typedLine("npm run outputs", context.environment)}\n`;
  }
  const lines = tableLines(parameterRows(parameters), context.columns - 2).map((line) => `  ${line}\n`);
  return `\nParameters of the deployed pipeline:\n${lines.join("")}`;
}

function readParameters({ environment, directory }: CommandContext): Readonly<Record<string, Json>> | undefined {
  const file = environment["STACK_OUTPUTS"];
  if (!file) return undefined;
  try {
    const outputs: unknown = JSON.parse(readFileSync(path.resolve(directory, file), "utf8"));
    return isJsonObject(outputs) && isJsonObject(outputs.pipelineParameters) ? outputs.pipelineParameters : undefined;
  } catch {
    return undefined;
  }
}
