import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../contract/json.js";
import type { ParameterDefinitions, ParameterValues } from "../../contract/parameters.js";
import { parseJson } from "../http/parseJson.js";
import type { PipelineRunRecord } from "./schemas.js";

/** The names of those parameters whose value in the run's record is not the given one; secure ones are not compared. */
export function differingParameters(
  given: ParameterValues,
  run: PipelineRunRecord,
  definitions: ParameterDefinitions,
): string[] {
  return Object.entries(given)
    .filter(([name]) => definitions[name]?.type !== "SecureString")
    .filter(([name, value]) => !isRecordedAs(value, run.parameters[name]))
    .map(([name]) => name);
}

/** Records hold every value as text: arrays and objects as JSON, booleans in .NET's or JSON's spelling. */
function isRecordedAs(value: Json, recorded: unknown): boolean {
  if (typeof value === "string" || typeof recorded !== "string") return isDeepStrictEqual(value, recorded);
  if (typeof value === "boolean") return recorded.toLowerCase() === String(value);
  return isDeepStrictEqual(parseJson(recorded), value);
}
