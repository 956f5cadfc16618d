import type { Clock } from "../contract/clock.js";
import { randomIds } from "../contract/ids.js";
import type { Json, JsonObject } from "../contract/json.js";
import type { ActivityRun } from "../contract/runs.js";
import { virtualClock } from "../contract/virtualClock.js";
import { memoryCallbacks } from "./engine/memoryCallbacks.js";
import type { HttpPort, HttpRequest } from "./engine/ports.js";
import { type Artifacts, artifactNamed, readArtifacts } from "./localRun/artifacts.js";
import { stubIdentity } from "./localRun/identity.js";
import { type LocalResult, runLocally } from "./localRun/runPipeline.js";
import { type StubEntries, stubHttp } from "./localRun/stubHttp.js";

/** What a test gives a pipeline. */
export interface PipelineTest {
  /** Which pipeline of a folder; not needed for a single file or definition. */
  readonly pipeline?: string;
  readonly parameters?: Readonly<Record<string, Json>>;
  /** The answers to its requests, as in a stub file, or a function that gives them. Managed identities need none. */
  readonly http?: StubEntries | HttpPort["send"];
  /** The other pipelines that it executes, by name: `properties` of each. Those of a folder are known. */
  readonly pipelines?: Readonly<Record<string, JsonObject>>;
  /** Absent: a virtual clock, on which no wait takes time, and which stands still while `http` makes an answer. */
  readonly clock?: Clock;
}

/** How a pipeline ran: what a test asserts on. */
export interface PipelineTestResult extends Omit<LocalResult, "log"> {
  /** The last run of the activity of that name; throws when it did not run. */
  activity(name: string): ActivityRun;
}

/**
 * Runs a pipeline for a test, in milliseconds: from a Synapse or Data Factory git folder, one of its files, or a
 * definition (a pipeline's `properties`). Rejects when the definition or a parameter is refused.
 */
export async function runPipeline(
  source: string | JsonObject,
  { pipeline, parameters = {}, http = [], pipelines = {}, clock }: PipelineTest = {},
): Promise<PipelineTestResult> {
  const { only, ...found } = typeof source === "string" ? await readArtifacts(source) : inMemory(source);
  const artifacts: Artifacts = { ...found, pipelines: new Map([...found.pipelines, ...Object.entries(pipelines)]) };
  const own = virtualClock();
  // a clock that was given may be what the function itself waits for
  const answer = (send: HttpPort["send"]) => (clock ? send : (request: HttpRequest) => own.hold(send(request)));
  const callbacks = memoryCallbacks((activityRunId) => `https://callback.invalid/${activityRunId}`);
  const pipelineName = pipeline ?? only ?? [...found.pipelines.keys()][0] ?? "";
  const { run, activityRuns, variables, requests } = await runLocally({
    pipelineName,
    definition: artifactNamed("pipeline", artifacts.pipelines, pipelineName),
    artifacts,
    parameters,
    invokedBy: { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" },
    clock: clock ?? own,
    ids: randomIds,
    http: typeof http === "function" ? { send: answer(http) } : stubHttp(http, callbacks.deliver),
    callbacks,
    identity: stubIdentity(randomIds),
  });
  return {
    run,
    activityRuns,
    variables,
    requests,
    activity(name) {
      const last = activityRuns.filter(({ activityName }) => activityName === name).at(-1);
      if (!last) throw new Error(`The activity '${name}' did not run; these did: ${namesOf(activityRuns)}.`);
      return last;
    },
  };
}

function inMemory(definition: JsonObject): Artifacts & { readonly only: string } {
  const none = new Map<string, JsonObject>();
  return {
    pipelines: new Map([["pipeline", definition]]),
    triggers: none,
    linkedServices: none,
    datasets: none,
    globalParameters: undefined,
    only: "pipeline",
  };
}

const namesOf = (runs: readonly ActivityRun[]) => runs.map(({ activityName }) => activityName).join(", ") || "none";
