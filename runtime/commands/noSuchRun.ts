import { exitCodes, ProgramError } from "../../contract/errors.js";
import { HttpError } from "../http/errors.js";

/** Rethrows what reading a run has thrown; a run that is not there is a wrong call: exit code 2. */
export function noSuchRun(runId: string): (thrown: unknown) => never {
  return (thrown) => {
    if (!(thrown instanceof HttpError) || thrown.status !== 404) throw thrown;
    throw new ProgramError(exitCodes.usage, `there is no run ${runId}: ${thrown.message}`, {
      cure: "check the id (npm run runs lists them); Synapse keeps the records of a run for 45 days",
      cause: thrown,
    });
  };
}
