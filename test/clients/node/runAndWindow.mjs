// Follows a run to its end and finds it in a window of time, knowing no other time than its own watch's.
import { setTimeout as wait } from "node:timers/promises";
import { DefaultAzureCredential } from "@azure/identity";
import { ArtifactsClient } from "@azure/synapse-artifacts";

const [endpoint, seconds] = process.argv.slice(2);
const credential = new DefaultAzureCredential();
const client = new ArtifactsClient(credential, endpoint);
const { pipelineOperations: pipelines, pipelineRunOperations: runs } = client;

const { expiresOnTimestamp } = await credential.getToken("https://dev.azuresynapse.net/.default");
const tokenSeconds = Math.round((expiresOnTimestamp - Date.now()) / 1000);
const name = "of-a-node-client";
await pipelines.beginCreateOrUpdatePipelineAndWait(name, {
  activities: [{ name: "Hold", type: "Wait", waitTimeInSeconds: Number(seconds) }],
});
const begun = new Date();
const { runId } = await pipelines.createPipelineRun(name);
let run = await runs.getPipelineRun(runId);
while (run.status === "InProgress" || run.status === "Queued") {
  await wait(200);
  run = await runs.getPipelineRun(runId);
}
const window = { lastUpdatedAfter: begun, lastUpdatedBefore: new Date() };
const queried = await runs.queryPipelineRunsByWorkspace(window);
const activities = await runs.queryActivityRuns(name, runId, window);
process.stdout.write(
  JSON.stringify({
    tokenSeconds,
    realMs: Date.now() - begun.getTime(),
    status: run.status,
    durationInMs: run.durationInMs,
    queried: queried.value.filter((one) => one.runId === runId).map(({ status }) => status),
    activities: activities.value.map(({ activityName, status }) => [activityName, status]),
  }),
);
