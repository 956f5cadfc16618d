import { exitCodes, ProgramError } from "../../contract/errors.js";
import { deploymentsOf } from "../machineLearning/batchJobs.js";
import { downloadScores, noScores, scoresUrlOf } from "../machineLearning/downloadScores.js";
import { blobOf, jobOutputOf, writersOf } from "../machineLearning/jobOutput.js";
import { OutputFile } from "../machineLearning/outputFile.js";
import { readScores } from "../machineLearning/readScores.js";
import { openResourceManager, type ResourceManager } from "../machineLearning/resourceManager.js";
import { modelOf } from "../machineLearning/scoredBy.js";
import type { StackSelection } from "../stack/findStack.js";
import { activitiesBelow } from "../synapse/activitiesBelow.js";
import type { ActivityRunRecord, PipelineRunRecord } from "../synapse/schemas.js";
import { createTerminal } from "../terminal/terminal.js";
import type { CommandContext } from "./context.js";
import { comeBackLine } from "./ends.js";
import { noSuchRun } from "./noSuchRun.js";
import { printScores, type Scores, scoresDocumentOf } from "./printScores.js";
import { isSameFile } from "./sameFile.js";
import { type Session, withSession } from "./session.js";

export interface ScoresArguments extends StackSelection {
  readonly json?: boolean;
  /** A file that the scores are written to, as they are. */
  readonly out?: string;
  /** A file that they are written to as CSV with a header. */
  readonly csv?: string;
}

const shownRows = 5;

/** Downloads a run's scores and prints how many there are, the first ones, their distribution, and the error against the known fares. */
export async function scoresCommand(
  runId: string,
  arguments_: ScoresArguments,
  context: CommandContext,
): Promise<number> {
  const terminal = createTerminal(context);
  const { out, csv } = arguments_;
  const { directory } = context;
  if (out !== undefined && csv !== undefined && (await isSameFile(out, csv, directory))) throw sameFile(out);
  return withSession(arguments_, context, async (session) => {
    const { http, tokens } = session;
    const monitor = comeBackLine([runId], arguments_, context);
    const resources = openResourceManager({ http, tokens, clock: context.clock, signal: context.signal });
    const past = await pastOf(runId, session, context);
    const url = await urlOf(runId, monitor, past, session, resources);
    const files = {
      bytes: out === undefined ? undefined : new OutputFile("--out", out, directory),
      csv: csv === undefined ? undefined : new OutputFile("--csv", csv, directory),
    };
    const pieces = downloadScores({ url, runId, monitor }, http, tokens, context.signal);
    const { summary, refusal } = await readScores(pieces, files, shownRows);
    if (out !== undefined) terminal.note(`saved to ${out}`);
    if (refusal !== undefined) throw refusal;
    if (csv !== undefined) terminal.note(`saved to ${csv}`);
    const scores: Scores = { runId, url, summary, scoredBy: await scoredBy(past, url, resources) };
    if (arguments_.json) terminal.line(JSON.stringify(scoresDocumentOf(scores)));
    else printScores(scores, terminal, context.isTerminal ? context.columns : Number.POSITIVE_INFINITY);
    return exitCodes.succeeded;
  });
}

/** A run and all that it has done. */
interface Past {
  readonly run: PipelineRunRecord;
  readonly activities: readonly ActivityRunRecord[];
}

/** Undefined where the run cannot be read (no right to, or no record any more) but a stack tells where its scores are. */
async function pastOf(runId: string, { place, synapse }: Session, context: CommandContext): Promise<Past | undefined> {
  const { clock, signal } = context;
  try {
    const run = await synapse.getRun(runId, signal).catch(noSuchRun(runId, place.synapseWorkspace, context));
    const { activities } = await activitiesBelow(run, synapse, clock, signal);
    return { run, activities };
  } catch (thrown) {
    if (place.stack === undefined || signal.aborted || !(thrown instanceof ProgramError)) throw thrown;
    return undefined;
  }
}

/** A stack knows where its scores are; else the batch job's own record tells. */
async function urlOf(
  runId: string,
  monitor: string,
  past: Past | undefined,
  { place }: Session,
  resources: ResourceManager,
): Promise<string> {
  if (place.stack !== undefined) return scoresUrlOf(place.stack.scoresUrl, runId);
  const output = jobOutputOf(past?.activities ?? []);
  const url = output && (await blobOf(output, resources));
  if (url !== undefined) return url;
  throw noScores(runId, monitor, "no activity of it has had a batch endpoint write to a path of a blob datastore");
}

/** The deployments whose jobs were told to write to the file; null where no answer tells. */
async function scoredBy(past: Past | undefined, url: string, resources: ResourceManager): Promise<Scores["scoredBy"]> {
  const found = deploymentsOf(writersOf(past?.activities ?? [], url));
  if (found.length === 0) return null;
  return Promise.all(
    found.map(async (one) => {
      const model = (await modelOf(one, resources, past?.run.runStart)) ?? null;
      return { endpoint: one.endpoint, deployment: one.deployment, model };
    }),
  );
}

function sameFile(file: string): ProgramError {
  return new ProgramError(exitCodes.usage, `--out and --csv name the same file: ${file}`, {
    cure: "--out keeps the bytes of the service, --csv has a header and commas: name two files, or leave one out",
  });
}
