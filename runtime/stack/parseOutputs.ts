import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { isJsonObject } from "../../contract/json.js";
import { type StackOutputs, stackOutputs } from "../../contract/stackOutputs.js";

/** Reads the JSON object of `pulumi stack output --json`; the error (exit code 2) names each mistake and has `cure`. */
export function parseOutputs(text: string, source: string, cure: string): StackOutputs {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new ProgramError(exitCodes.usage, `${source} is not JSON: ${messageOf(thrown)}`, { cure });
  }
  const result = stackOutputs.safeParse(value);
  if (result.success) return result.data;
  const given = isJsonObject(value) ? Object.keys(value) : [];
  const broken = result.error.issues.map(({ path }) => path.join("."));
  const missing = isJsonObject(value)
    ? broken.filter((name) => name in stackOutputs.shape && !given.includes(name))
    : [];
  const wrong = result.error.issues
    .filter(({ path }) => !missing.includes(path.join(".")))
    .map(({ path, message }) => `${path.join(".") || "(top level)"}: ${message}`);
  const mistakes = missing.length === 0 ? wrong : [...wrong, `missing: ${missing.join(", ")}`];
  const isEmpty = isJsonObject(value) && given.length === 0;
  const what = isEmpty ? "holds no outputs: is the stack deployed?" : "does not hold the stack's outputs:";
  throw new ProgramError(exitCodes.usage, `${source} ${what}\n  ${mistakes.join("\n  ")}`, { cure });
}
