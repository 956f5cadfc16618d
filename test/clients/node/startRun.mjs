// An ordinary program of a user's: official clients without a single option, told of nothing but by its environment.
import { DefaultAzureCredential } from "@azure/identity";
import { ArtifactsClient } from "@azure/synapse-artifacts";

const [endpoint, pipeline] = process.argv.slice(2);
const client = new ArtifactsClient(new DefaultAzureCredential(), endpoint);
const { runId } = await client.pipelineOperations.createPipelineRun(pipeline);
const run = await client.pipelineRunOperations.getPipelineRun(runId);
process.stdout.write(JSON.stringify({ runId, pipelineName: run.pipelineName, invokedBy: run.invokedBy }));
