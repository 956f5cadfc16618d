import { setTimeout as pause } from "node:timers/promises";
import type { Json } from "../../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../../contract/runs.js";
import type { StackOutputs } from "../../../contract/stackOutputs.js";
import type { Caller } from "../../helpers/deployedEmulator.js";

const synapse = "https://dev.azuresynapse.net";
const always = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2999-01-01T00:00:00Z" };

const lookMs = 100;

/** A run that has ended, with everything that is recorded of it. */
export interface Recorded {
  readonly run: PipelineRun;
  readonly activities: readonly ActivityRun[];
}

/** Asks for the run until it has ended; undefined when there is no such run. */
export async function recorded({ call }: Caller, outputs: StackOutputs, runId: string): Promise<Recorded | undefined> {
  const url = `${outputs.synapseEndpoint}/pipelineruns/${runId}?api-version=2020-12-01`;
  for (;;) {
    const run = (await call("trigger", synapse, url).catch((error: Error) => {
      if (error.message.includes(" answered 404")) return undefined;
      throw error;
    })) as PipelineRun | undefined;
    if (!run) return undefined;
    if (["Succeeded", "Failed", "Cancelled"].includes(run.status)) {
      const runs = `${outputs.synapseEndpoint}/pipelines/${outputs.pipelineName}/pipelineruns/${runId}`;
      const query = `${runs}/queryActivityruns?api-version=2020-12-01`;
      const { value } = (await call("trigger", synapse, query, { method: "POST", body: always })) as {
        readonly value: readonly ActivityRun[];
      };
      return { run, activities: value };
    }
    await pause(lookMs);
  }
}

/** What is the same in every run: the last record of each activity, without ids, times, durations and addresses of the run. */
export function normalised(activities: readonly ActivityRun[]): ReadonlyMap<string, string> {
  return new Map(
    activities.map(({ activityName, activityType, status, input, output, error, retryAttempt, userProperties }) => {
      const record = { activityType, status, input, output, error, retryAttempt, userProperties };
      return [activityName, JSON.stringify(plain(record as unknown as Json))];
    }),
  );
}

/** Members whose values are of one run alone. */
const ofOneRun = ["ADFWebActivityResponseHeaders", "executionDuration", "billingReference", "durationInQueue"];
const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** What the batch endpoint calls a job for people. */
const displayName = /(boosted-trees)-[0-9a-z]+/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g;

function plain(json: Json): Json {
  if (typeof json === "string") return json.replace(guid, "<id>").replace(time, "<time>").replace(displayName, "$1");
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(plain);
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key]) => !ofOneRun.includes(key))
      .map(([key, value]) => [key, plain(value)]),
  );
}
