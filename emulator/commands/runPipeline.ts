import { access, constants, writeFile } from "node:fs/promises";
import path from "node:path";
import { EnvHttpProxyAgent } from "undici";
import { type Clock, scaledClock } from "../../contract/clock.js";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { type Ids, randomIds } from "../../contract/ids.js";
import type { JsonObject } from "../../contract/json.js";
import { checkParameters, type ParameterDefinitions, readParametersFile } from "../../contract/parameters.js";
import { redact } from "../../contract/redaction.js";
import type { PipelineRunStatus } from "../../contract/runs.js";
import { type VirtualClock, virtualClock } from "../../contract/virtualClock.js";
import { ParameterError, PlanError } from "../engine/errors.js";
import { memoryCallbacks } from "../engine/memoryCallbacks.js";
import { planPipeline } from "../engine/plan.js";
import type { CallbacksPort, HttpPort, IdentityPort } from "../engine/ports.js";
import { type Artifacts, artifactNamed, readArtifacts } from "../localRun/artifacts.js";
import { openCallbackServer } from "../localRun/callbackServer.js";
import { liveIdentity, stubIdentity } from "../localRun/identity.js";
import { readJsonFile } from "../localRun/jsonFile.js";
import { definitionError } from "../localRun/planProblems.js";
import { runLocally } from "../localRun/runPipeline.js";
import { stubHttp, stubSchema } from "../localRun/stubHttp.js";
import { timelineLines } from "../localRun/timeline.js";
import { manualStart, triggeredStart } from "../localRun/trigger.js";
import { waitTeller } from "../localRun/waits.js";
import { httpPort } from "../platform/httpPort.js";
import type { CommandContext } from "./context.js";

export interface RunOptions {
  readonly pipeline?: string;
  readonly trigger?: string;
  readonly param: readonly string[];
  readonly paramsFile?: string;
  readonly http?: string;
  readonly live?: boolean;
  readonly record?: string;
  readonly clock: "real" | "virtual";
  readonly timeScale: number;
  readonly json?: boolean;
}

const codes: Readonly<Partial<Record<PipelineRunStatus, 0 | 1 | 4>>> = {
  Succeeded: exitCodes.succeeded,
  Failed: exitCodes.failed,
  Cancelled: exitCodes.cancelled,
};

/** `emulator run <file or folder>`: runs one pipeline, prints its timeline and variables; the exit code is by its status. */
export async function runPipelineCommand(
  place: string,
  options: RunOptions,
  context: CommandContext & { readonly wallClock: Clock },
): Promise<number> {
  const { only, ...artifacts } = await readArtifacts(place);
  const named = options.pipeline ?? only;
  const start =
    options.trigger === undefined
      ? manualStart(named ?? onlyName(artifacts))
      : triggeredStart(options.trigger, artifactNamed("trigger", artifacts.triggers, options.trigger), named);
  const definition = artifactNamed("pipeline", artifacts.pipelines, start.pipelineName);
  const { parameters: definitions = {} } = planned(definition, start.pipelineName);
  const fromFile = options.paramsFile === undefined ? {} : await readParametersFile(options.paramsFile, process.cwd());
  const parameters = checkParameters(options.param, { ...start.parameters, ...fromFile }, definitions);
  if (options.record !== undefined) await requireFolder(options.record);
  const clock = clockOf(options, context.wallClock);
  const { timeScale } = options;
  const world = options.live === true ? liveWorld(clock) : await stubWorld(options.http, randomIds);
  try {
    const result = await runLocally({
      ...start,
      definition,
      artifacts,
      parameters,
      ...world,
      clock,
      ids: randomIds,
      signal: context.signal,
      ...(options.clock === "real" && {
        onWait: waitTeller({ clock, watch: context.wallClock, timeScale }, context.log),
      }),
    });
    const { run, activityRuns, variables, requests, log } = result;
    if (options.record !== undefined) await writeFile(options.record, `${JSON.stringify(log.stub(), null, 2)}\n`);
    if (options.json) context.print(JSON.stringify({ run, activityRuns, variables, requests }, null, 2));
    else {
      const isWatch = options.clock === "real" && timeScale === 1;
      const lines = timelineLines(run, activityRuns, definition, variables, { isWatch, columns: context.printColumns });
      for (const line of lines) context.print(redact(line));
    }
    if (options.http === undefined && options.live !== true && requests.length > 0) context.log(unanswered);
    return codes[run.status] ?? exitCodes.failed;
  } catch (error) {
    if (error instanceof ParameterError) throw new ProgramError(exitCodes.usage, error.message, { cause: error });
    throw error;
  } finally {
    await world.close();
  }
}

function planned(definition: JsonObject, name: string): { readonly parameters?: ParameterDefinitions } {
  try {
    return planPipeline(definition, name).definition;
  } catch (error) {
    if (error instanceof PlanError) throw definitionError(name, definition, error);
    throw error;
  }
}

function onlyName({ pipelines }: Artifacts): string {
  const [name] = pipelines.keys();
  if (name !== undefined && pipelines.size === 1) return name;
  throw new ProgramError(exitCodes.usage, "Which pipeline? Name it with --pipeline.", {
    cure: `There are: ${[...pipelines.keys()].join(", ") || "none"}`,
  });
}

function clockOf({ clock, timeScale }: RunOptions, wallClock: Clock): Clock {
  if (clock === "virtual") return virtualClock({ start: wallClock.now().toISOString() });
  return timeScale === 1 ? wallClock : scaledClock(wallClock, timeScale);
}

/** Checked before the run: a long one must not end with a record that cannot be written. */
async function requireFolder(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  // with the separator, a file of that name is refused as well
  await access(path.join(folder, path.sep), constants.W_OK).catch((error: unknown) => {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    const why = isAbsent ? `there is no folder ${folder} to write to.` : messageOf(error);
    const way = isAbsent ? `Make it (mkdir -p ${folder})` : `Make ${folder} a folder that may be written to`;
    throw new ProgramError(exitCodes.usage, `--record ${file} cannot be written: ${why}`, {
      cause: error,
      cure: `${way}, or name a file in another one; nothing was run.`,
    });
  });
}

const unanswered =
  "its requests had no answers: name a file of them with --http <stub.json>, or send them for real with --live (--record <stub.json> keeps what came back)";

interface Outside {
  readonly http: HttpPort;
  readonly identity: IdentityPort;
  readonly callbacks: CallbacksPort;
  close(): Promise<void>;
}

/** Real requests, through the proxy that the environment names; a virtual clock stands still while one is under way. */
function liveWorld(clock: Clock & Partial<Pick<VirtualClock, "hold">>): Outside {
  const dispatcher = new EnvHttpProxyAgent({ pipelining: 0 });
  const port = httpPort(dispatcher);
  const identity = liveIdentity();
  const server = openCallbackServer();
  const { hold = <T>(work: Promise<T>) => work } = clock;
  return {
    http: { send: (request) => hold(port.send(request)) },
    identity: { token: (request) => hold(identity.token(request)) },
    callbacks: {
      uri: (activityRunId) => hold(server.callbacks.uri(activityRunId)),
      received: (activityRunId, signal) => hold(server.callbacks.received(activityRunId, signal)),
    },
    close: async () => {
      await server.close();
      await dispatcher.destroy();
    },
  };
}

const stubForm = "A stub file is a list of {method, url or urlPattern, responses}: docs/pipelines.md.";

async function stubWorld(file: string | undefined, ids: Ids): Promise<Outside> {
  const entries = file === undefined ? [] : await readJsonFile(file, stubSchema, stubForm);
  const callbacks = memoryCallbacks((activityRunId) => `https://callback.invalid/${activityRunId}`);
  return { http: stubHttp(entries, callbacks.deliver), identity: stubIdentity(ids), callbacks, close: async () => {} };
}
