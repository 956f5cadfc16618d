import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { listed, refusal } from "./listed.mjs";

export async function run(credential, { subscriptionId, resourceGroup, machineLearningWorkspace, batchEndpoint }) {
  const client = new AzureMachineLearningWorkspaces(credential, subscriptionId);
  const place = [resourceGroup, machineLearningWorkspace];
  const workspace = await client.workspaces.get(...place);
  const endpoint = await client.batchEndpoints.get(...place, batchEndpoint);
  const deployment = await client.batchDeployments.get(
    ...place,
    batchEndpoint,
    endpoint.properties.defaults.deploymentName,
  );
  const tagged = await client.dataContainers.createOrUpdate(...place, "of-a-client", {
    properties: { dataType: "uri_folder", tags: { team: "one" } },
  });
  const version = await client.dataVersions.createOrUpdate(...place, "of-a-client", "1", {
    properties: { dataType: "uri_folder", dataUri: "azureml://datastores/workspaceblobstore/paths/of-a-client/" },
  });
  return {
    workspace: { kind: workspace.kind, discovery: workspace.discoveryUrl },
    listed: await listed(client.workspaces.listByResourceGroup(resourceGroup)),
    endpoints: await listed(client.batchEndpoints.list(...place)),
    scoringUri: endpoint.properties.scoringUri,
    deployments: await listed(client.batchDeployments.list(...place, batchEndpoint)),
    output: deployment.properties.outputFileName,
    datastores: await listed(client.datastores.list(...place)),
    computes: await listed(client.computeOperations.list(...place), ({ properties }) => properties.computeType),
    data: await listed(client.dataVersions.list(...place, "taxibatch2files")),
    tagged: tagged.properties.tags.team,
    version: version.properties.dataUri,
    models: (await listed(client.modelContainers.list(...place))).length,
    environments: (await listed(client.environmentContainers.list(...place))).length,
    code: (await listed(client.codeContainers.list(...place))).length,
    jobs: await listed(client.jobs.list(...place)),
    unknown: await refusal(client.batchEndpoints.get(...place, "no-such-endpoint")),
  };
}
