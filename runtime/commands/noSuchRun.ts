import { exitCodes, ProgramError } from "../../contract/errors.js";
import { HttpError } from "../http/errors.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";

/** Rethrows what reading a run has thrown; a run that is not there, or an id that cannot be one, is a wrong call: exit code 2. */
export function noSuchRun(
  runId: string,
  workspace: string,
  { environment }: Pick<CommandContext, "environment">,
): (thrown: unknown) => never {
  return (thrown) => {
    if (!(thrown instanceof HttpError) || (thrown.status !== 404 && thrown.status !== 400)) throw thrown;
    throw new ProgramError(exitCodes.usage, `there is no run ${runId} in ${workspace}: ${thrown.message}`, {
      cure: `check the id: ${typedLine("npm run runs", environment)} lists them; Synapse keeps a run's records for 45 days`,
      cause: thrown,
    });
  };
}
