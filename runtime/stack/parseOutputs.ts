import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { isJsonObject } from "../../contract/json.js";
import { type StackOutputs, stackOutputs } from "../../contract/stackOutputs.js";

/** Reads the JSON object of `pulumi stack output --json`; each mistake is named in the error (exit code 2). */
export function parseOutputs(text: string, source: string): StackOutputs {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new ProgramError(exitCodes.usage, `${source} is not JSON: ${messageOf(thrown)}`, {
      cure: "it must hold what `pulumi stack output --json` prints",
    });
  }
  if (isJsonObject(value) && Object.keys(value).length === 0) {
    throw new ProgramError(exitCodes.usage, `${source} holds no outputs: the stack is not deployed yet`, {
      cure: "deploy it first: pulumi up",
    });
  }
  const result = stackOutputs.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => `${issue.path.join(".") || "(top level)"}: ${issue.message}`);
  throw new ProgramError(exitCodes.usage, `${source} does not hold the stack's outputs:\n  ${mistakes.join("\n  ")}`, {
    cure: "it must hold what `pulumi stack output --json` prints; deploy the present program with `pulumi up`",
  });
}
