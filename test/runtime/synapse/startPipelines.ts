import type { JsonObject } from "../../../contract/json.js";
import type { PipelineRun } from "../../../contract/runs.js";
import { type Caller, openCaller } from "../../helpers/deployedEmulator.js";
import { planes } from "../../helpers/provisioned.js";
import type { TestEmulator } from "../../helpers/testEmulator.js";

const { audience } = planes.synapse;
const endpoint = `https://${planes.synapse.host}`;
const version = "api-version=2020-12-01";

/** As the outputs of a stack name the parameters. */
export const keyedParameters = {
  correlationId: { type: "String", defaultValue: "" },
  pollSeconds: { type: "Int", defaultValue: 30 },
} as const;
export const keylessParameters = { pollSeconds: { type: "Int", defaultValue: 30 } } as const;

/** Pipelines that end at once: one that can carry a correlation id, one that cannot. */
const pipelines: Readonly<Record<string, JsonObject>> = {
  "batch-scoring": keyedParameters,
  keyless: keylessParameters,
};

/** Publishes the two pipelines to the provisioned workspace. */
export async function publishPipelines(emulator: TestEmulator): Promise<void> {
  const caller = openCaller(emulator);
  for (const [name, parameters] of Object.entries(pipelines)) {
    const url = `${endpoint}/pipelines/${name}?${version}`;
    const activity = { name: "done", type: "SetVariable", typeProperties: { variableName: "end", value: "reached" } };
    const properties = { parameters, variables: { end: { type: "String" } }, activities: [activity] };
    await caller.call("deployer", audience, url, { method: "PUT", body: { properties } });
    const isThere = () =>
      caller.call("deployer", audience, url).then(
        () => true,
        () => false,
      );
    while (!(await isThere())) await new Promise((resolve) => setImmediate(resolve));
  }
  await caller.close();
}

/** All runs of a pipeline, from the service's own list. */
export async function listRuns(
  { call }: Pick<Caller, "call">,
  pipelineName = "batch-scoring",
): Promise<readonly PipelineRun[]> {
  const runs: PipelineRun[] = [];
  let continuationToken: string | undefined;
  do {
    const page = (await call("deployer", audience, `${endpoint}/queryPipelineRuns?${version}`, {
      method: "POST",
      body: {
        lastUpdatedAfter: "2000-01-01T00:00:00Z",
        lastUpdatedBefore: "2100-01-01T00:00:00Z",
        filters: [{ operand: "PipelineName", operator: "Equals", values: [pipelineName] }],
        ...(continuationToken !== undefined && { continuationToken }),
      },
    })) as { value: PipelineRun[]; continuationToken?: string };
    runs.push(...page.value);
    continuationToken = page.continuationToken;
  } while (continuationToken !== undefined);
  return runs;
}
