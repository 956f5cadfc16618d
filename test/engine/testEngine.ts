import type { Json, JsonObject } from "../../contract/json.js";
import type { ActivityDefinition, PipelineDefinition } from "../../contract/pipeline.js";
import type { ActivityRun, PipelineRun } from "../../contract/runs.js";
import { type VirtualClock, virtualClock } from "../../contract/virtualClock.js";
import { createEngine, type Engine } from "../../emulator/engine/engine.js";
import { type MemoryCallbacks, memoryCallbacks } from "../../emulator/engine/memoryCallbacks.js";
import { type MemoryJournal, memoryJournal } from "../../emulator/engine/memoryJournal.js";
import type { EnginePorts, HttpRequest, HttpResponse, IdentityPort } from "../../emulator/engine/ports.js";

export { type MemoryJournal, memoryJournal } from "../../emulator/engine/memoryJournal.js";

/** What a test's server answers: a status with a body, or a rejection. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: Json | string;
};
export type Handler = (request: HttpRequest, count: number) => Answer | Promise<Answer>;

export interface TestEngine {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly journal: MemoryJournal;
  /** Every request that was sent. */
  readonly sent: HttpRequest[];
  readonly callbacks: MemoryCallbacks;
  readonly runId: string;
  /** Runs the pipeline to its end. */
  run(definition: PipelineDefinition, parameters?: JsonObject): Promise<Result>;
  start(definition: PipelineDefinition, parameters?: JsonObject): PipelineRun;
}

export interface Result {
  readonly run: PipelineRun;
  readonly activities: readonly ActivityRun[];
  /** The only (or last) run of an activity. */
  activity(name: string): ActivityRun;
  statuses(): Record<string, string>;
}

export const runId = "11111111-2222-4333-8444-555555555555";
const invokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };

export function testEngine(
  given: {
    handler?: Handler;
    journal?: MemoryJournal;
    clock?: VirtualClock;
    token?: IdentityPort["token"];
    /** The other pipelines of the workspace. */
    pipelines?: Readonly<Record<string, PipelineDefinition>>;
    linkedServices?: Readonly<Record<string, JsonObject>>;
    datasets?: Readonly<Record<string, JsonObject>>;
    globalParameters?: JsonObject;
  } = {},
): TestEngine {
  const clock = given.clock ?? virtualClock();
  const journal = given.journal ?? memoryJournal();
  const sent: HttpRequest[] = [];
  const handler = given.handler ?? (() => ({}));
  const callbacks = memoryCallbacks((activityRunId) => `https://callback.example/${activityRunId}`);
  let ids = journal.appends.length;
  const ports: EnginePorts = {
    clock,
    journal,
    artifacts: {
      pipeline: (name) => given.pipelines?.[name],
      linkedService: (name) => given.linkedServices?.[name],
      dataset: (name) => given.datasets?.[name],
    },
    callbacks,
    ids: { uuid: () => `00000000-0000-4000-8000-${(ids++).toString(16).padStart(12, "0")}` },
    http: {
      async send(request) {
        sent.push(request);
        return toResponse(await handler(request, sent.length));
      },
    },
    identity: { token: given.token ?? (async (request) => `token-for-${request.resource}`) },
    workspace: {
      id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Synapse/workspaces/ws",
      name: "ws",
      location: "West Europe",
      ...(given.globalParameters && { globalParameters: given.globalParameters }),
    },
  };
  const engine = createEngine(ports);
  const start = (definition: PipelineDefinition, parameters: JsonObject = {}) =>
    engine.start({ pipelineName: "p", definition, parameters, invokedBy, runId });
  return {
    engine,
    clock,
    journal,
    sent,
    callbacks,
    runId,
    start,
    async run(definition, parameters) {
      start(definition, parameters);
      return resultOf(await engine.finished(runId), journal);
    },
  };
}

export function resultOf(run: PipelineRun, journal: MemoryJournal): Result {
  const activities = journal.activities(run.runId);
  return {
    run,
    activities,
    activity(name) {
      const found = activities.filter(({ activityName }) => activityName === name).at(-1);
      if (!found) throw new Error(`no run of ${name}`);
      return found;
    },
    statuses: () => Object.fromEntries(activities.map(({ activityName, status }) => [activityName, status])),
  };
}

function toResponse(answer: Answer): HttpResponse {
  const { status = 200, headers = {}, body = {} } = answer;
  return { status, statusText: "", headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

/** `[name, condition]` pairs: what the activity waits for. */
export type After = readonly (readonly [string, ...("Succeeded" | "Failed" | "Skipped" | "Completed")[]])[];

export function activity(
  name: string,
  type: string,
  typeProperties: JsonObject,
  after: After = [],
): ActivityDefinition {
  return {
    name,
    type,
    dependsOn: after.map(([dependency, ...dependencyConditions]) => ({ activity: dependency, dependencyConditions })),
    typeProperties,
  };
}

export const wait = (name: string, seconds: Json, after: After = []) =>
  activity(name, "Wait", { waitTimeInSeconds: seconds }, after);
export const fail = (name: string, after: After = []) =>
  activity(name, "Fail", { message: `${name} failed`, errorCode: "500" }, after);
export const setVariable = (name: string, variableName: string, value: Json, after: After = []) =>
  activity(name, "SetVariable", { variableName, value }, after);
export const web = (name: string, properties: JsonObject = {}, after: After = []) =>
  activity(name, "WebActivity", { url: `https://host.example/${name}`, method: "GET", ...properties }, after);
export const pipeline = (
  activities: readonly ActivityDefinition[],
  rest: Omit<PipelineDefinition, "activities"> = {},
): PipelineDefinition => ({ activities, ...rest });
/** Inner activities as they stand in a container's JSON. */
export const inner = (activities: readonly ActivityDefinition[]): Json => JSON.parse(JSON.stringify(activities));
