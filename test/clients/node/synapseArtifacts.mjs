import { ArtifactsClient } from "@azure/synapse-artifacts";
import { listed, refusal } from "./listed.mjs";

const hour = 60 * 60 * 1000;

export async function run(credential, { synapseEndpoint, pipelineName }) {
  const client = new ArtifactsClient(credential, synapseEndpoint);
  const { pipelineOperations: pipelines, pipelineRunOperations: runs } = client;
  const definition = {
    parameters: { seconds: { type: "Int", defaultValue: 600 } },
    activities: [
      {
        name: "Hold",
        type: "Wait",
        waitTimeInSeconds: { value: "@pipeline().parameters.seconds", type: "Expression" },
      },
    ],
  };
  const published = await pipelines.beginCreateOrUpdatePipelineAndWait("of-a-node-client", definition);
  const unchanged = await refusal(
    pipelines.beginCreateOrUpdatePipelineAndWait("of-a-node-client", definition, { ifMatch: "another" }),
  );
  const failed = await refusal(
    pipelines.beginCreateOrUpdatePipelineAndWait("wrong", { activities: [{ name: "One", type: "NoSuchActivity" }] }),
  );
  await pipelines.beginRenamePipelineAndWait("of-a-node-client", { newName: "renamed-by-a-node-client" });
  const shown = await pipelines.getPipeline("renamed-by-a-node-client");
  const names = await listed(pipelines.listPipelinesByWorkspace());

  const { runId } = await pipelines.createPipelineRun("renamed-by-a-node-client", { parameters: { seconds: 300 } });
  const run = await runs.getPipelineRun(runId);
  const window = { lastUpdatedAfter: new Date(Date.now() - hour), lastUpdatedBefore: new Date(Date.now() + hour) };
  const filters = [{ operand: "PipelineName", operator: "Equals", values: ["renamed-by-a-node-client"] }];
  const queried = await runs.queryPipelineRunsByWorkspace({ ...window, filters });
  const activities = await runs.queryActivityRuns("renamed-by-a-node-client", runId, window);
  await runs.cancelPipelineRun(runId, { isRecursive: true });
  const cancelled = await runs.getPipelineRun(runId);
  await pipelines.beginDeletePipelineAndWait("renamed-by-a-node-client");
  return {
    workspace: (await client.workspaceOperations.get()).type,
    published: published.activities.map(({ type }) => type),
    unchanged,
    failed,
    shown: { name: shown.name, waits: shown.activities[0].waitTimeInSeconds },
    listed: [names.includes(pipelineName), names.includes("renamed-by-a-node-client")],
    run: { pipeline: run.pipelineName, parameters: run.parameters, invokedBy: run.invokedBy.name },
    queried: queried.value.map((one) => one.runId === runId),
    activities: activities.value.map(({ activityName, activityType }) => ({ activityName, activityType })),
    cancelled: cancelled.status,
    afterDelete: await refusal(pipelines.getPipeline("renamed-by-a-node-client")),
    unknownRun: await refusal(pipelines.createPipelineRun("renamed-by-a-node-client")),
  };
}
