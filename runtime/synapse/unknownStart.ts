import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import type { PipelineRunRecord } from "./schemas.js";
import type { StartIdentity } from "./startIdentity.js";

/** Exit code 6: a start was sent and nobody can say what became of it. `failures` are the causes, in their order. */
export function unknownStart(
  { correlationId }: StartIdentity,
  failures: readonly unknown[],
  candidates: readonly PipelineRunRecord[],
): ProgramError {
  const list = candidates.map((run) => `\n  ${run.runId}  ${run.status}  started ${run.runStart ?? "not yet"}`);
  const runs = list.length === 0 ? "" : `\nruns that may be it:${list.join("")}`;
  const sentences = failures.map(messageOf);
  const why = [...new Set(sentences)].map((sentence) => {
    const times = sentences.filter((other) => other === sentence).length;
    return times === 1 ? sentence : `${sentence} (${times} times)`;
  });
  return new ProgramError(
    exitCodes.unknown,
    `it is not known whether a run was started: ${why.join("; then: ")}${runs}`,
    {
      cure:
        correlationId === undefined
          ? "look at the runs (npm run runs, npm run monitor -- <run>) before you start again"
          : `repeat the call with --idempotency-key ${correlationId}: it finds the run if there is one, and starts one only if there is none`,
      cause: failures[0],
    },
  );
}
