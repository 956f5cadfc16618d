import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { quoted } from "../../contract/quoted.js";
import { retrainingParameters } from "../../contract/retraining.js";
import { createHttpClient, type HttpClient } from "../http/client.js";
import type { StackSelection } from "../stack/findStack.js";
import { openBatchExecution } from "../studioClassic/batchExecution.js";
import { type Dataset, readDataset } from "../studioClassic/dataset.js";
import { openJobFolder } from "../studioClassic/jobRecord.js";
import { type ServiceArguments, type ServiceSettings, serviceSettings } from "../studioClassic/serviceSettings.js";
import { abandon, type TrainingJob, train, trainingFiles } from "../studioClassic/trainingJob.js";
import { createTerminal, type Terminal } from "../terminal/terminal.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import { compareModels } from "./modelComparison.js";
import { promoteIfBetter } from "./promoteModel.js";
import { printRetrained, type Trained } from "./retrainReport.js";
import { openStack, readStack } from "./stackModels.js";
import { timeLimit } from "./timeLimit.js";

export interface RetrainArguments extends StackSelection, ServiceArguments {
  readonly data: string;
  /** A model that was trained elsewhere: nothing is trained. */
  readonly model?: string;
  readonly label?: string;
  readonly task?: "regression" | "classification";
  readonly container: string;
  /** The folder of the job's record and of what it made. */
  readonly out?: string;
  readonly promote?: boolean;
  readonly force?: boolean;
  /** Trains although a model of this file is there. */
  readonly again?: boolean;
  readonly deleteOnInterrupt?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly json?: boolean;
}

/** Trains a model (or takes one), compares it with the present one, and promotes it if asked to. */
export async function retrainCommand(arguments_: RetrainArguments, context: CommandContext): Promise<number> {
  const terminal = createTerminal(context);
  const outputs = await readStack(arguments_, context);
  const besEndpoint = "reason" in outputs ? undefined : outputs.besEndpoint;
  const settings =
    arguments_.model === undefined ? serviceSettings(arguments_, context.environment, besEndpoint) : undefined;
  if (settings !== undefined) hide(settings, context);
  const data = await readUserFile(arguments_.data, context);
  const dataset = readDataset(arguments_.data, data, arguments_);
  const http = createHttpClient(context);
  try {
    const stack = "reason" in outputs ? outputs : await openStack(outputs, { http, context });
    if ("reason" in stack && arguments_.promote) throw stack.reason;
    const trained =
      settings === undefined
        ? await readModelFile(arguments_.model ?? "", context)
        : await trainThere({ arguments_, settings, dataset }, http, terminal, context);
    const comparison = await compareModels(trained, dataset, stack);
    printRetrained({ dataset, comparison, trained }, arguments_, terminal);
    if (arguments_.promote && !("reason" in stack)) {
      await promoteIfBetter({ model: trained.model, dataset, comparison, stack }, arguments_, terminal, context);
    }
    return exitCodes.succeeded;
  } finally {
    await http.close();
  }
}

/** Nothing of what opens the service or its account is written, whatever happens. */
function hide({ apiKey, connectionString }: ServiceSettings, { secrets }: CommandContext): void {
  secrets.add(apiKey);
  secrets.add(connectionString);
  const accountKey = /(?:^|;)\s*AccountKey=([^;]+)/i.exec(connectionString)?.[1];
  if (accountKey !== undefined) secrets.add(accountKey);
}

async function readUserFile(file: string, { directory }: CommandContext): Promise<Buffer> {
  return readFile(path.resolve(directory, file)).catch((thrown: unknown) => {
    throw new ProgramError(exitCodes.usage, `${file} cannot be read: ${messageOf(thrown)}`, {
      cure: "check the path",
      cause: thrown,
    });
  });
}

async function readModelFile(file: string, context: CommandContext): Promise<Trained> {
  return { model: await readUserFile(file, context), modelFile: file };
}

/** A training to be done by the service. */
interface ServiceCall {
  readonly arguments_: RetrainArguments;
  readonly settings: ServiceSettings;
  readonly dataset: Dataset;
}

async function openJob(
  { arguments_, settings, dataset }: ServiceCall,
  http: HttpClient,
  terminal: Terminal,
  context: CommandContext,
): Promise<TrainingJob> {
  const { data, label, task, container, out } = arguments_;
  const parameters = {
    ...(label && { [retrainingParameters.label]: label }),
    ...(task && { [retrainingParameters.task]: task }),
  };
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([settings.url, parameters, dataset.csv]))
    .digest("hex")
    .slice(0, 16);
  const name = path.basename(data, path.extname(data)).replace(/[^\w-]+/g, "-");
  const folder = await openJobFolder(
    path.resolve(context.directory, out ?? path.join("retrain", `${name}-${fingerprint.slice(0, 8)}`)),
  );
  const { openTrainingStorage } = await import("../studioClassic/trainingStorage.js");
  return {
    service: openBatchExecution({ url: settings.url, apiKey: settings.apiKey, http }),
    storage: openTrainingStorage(settings.connectionString, context.clock),
    connectionString: settings.connectionString,
    folder,
    fingerprint,
    csv: dataset.csv,
    parameters,
    location: `${container}/${name.toLowerCase()}-${fingerprint}`,
    clock: context.clock,
    signal: context.signal,
    onProgress: (line) => terminal.note(line),
  };
}

async function trainThere(
  call: ServiceCall,
  http: HttpClient,
  terminal: Terminal,
  context: CommandContext,
): Promise<Trained> {
  const job = await openJob(call, http, terminal, context);
  if (call.arguments_.again) {
    await abandon(job);
    await job.folder.clear();
  }
  const began = context.clock.now().getTime();
  const { model, evaluation, ...told } = await trainWatched(job, call.arguments_, terminal, context);
  const seconds = (context.clock.now().getTime() - began) / 1000;
  const [modelFile, evaluationFile] = [trainingFiles.output1, trainingFiles.output2].map((name) =>
    path.join(job.folder.path, name),
  );
  return {
    model,
    modelFile: modelFile ?? "",
    service: { ...told, seconds, evaluation, evaluationFile: evaluationFile ?? "" },
  };
}

async function trainWatched(
  job: TrainingJob,
  arguments_: RetrainArguments,
  terminal: Terminal,
  context: CommandContext,
) {
  const { signal, lift } = timeLimit(arguments_.timeout, context.signal, context.clock);
  try {
    return await train({ ...job, signal });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    if (context.signal.aborted && arguments_.deleteOnInterrupt) {
      await abandon(job);
      terminal.note("no job is left");
    } else {
      const isSubmitted = (await job.folder.read(job.fingerprint)) !== undefined;
      const state = isSubmitted ? "the job goes on; come back to it" : "no job was submitted; begin again";
      terminal.note(`${state}: ${typedLine(comeBack(arguments_), context.environment)}`);
    }
    throw signal.reason;
  } finally {
    lift();
  }
}

/** The same call, without what only the environment should hold. */
function comeBack(arguments_: RetrainArguments): string {
  const named = ["data", "label", "task", "endpoint", "container", "out", "outputs", "stack"] as const;
  const flags = ["promote", "force", "json"] as const;
  const words = [
    ...named.flatMap((name) => (arguments_[name] === undefined ? [] : [`--${name}`, arguments_[name]])),
    ...flags.flatMap((name) => (arguments_[name] ? [`--${name}`] : [])),
  ];
  return `npm run retrain -- ${words.map(quoted).join(" ")}`;
}
