// An ordinary program of a user's: official clients without a single option, told of nothing but by its environment.
import { SynapseManagementClient } from "@azure/arm-synapse";
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { ContainerClient } from "@azure/storage-blob";

const [subscriptionId, resourceGroup, workspaceName, vaultUrl, secretName, containerUrl] = process.argv.slice(2);
const credential = new DefaultAzureCredential();
const workspace = await new SynapseManagementClient(credential, subscriptionId).workspaces.get(
  resourceGroup,
  workspaceName,
);
const secret = await new SecretClient(vaultUrl, credential).getSecret(secretName);
const blobs = [];
for await (const blob of new ContainerClient(containerUrl, credential).listBlobsFlat()) blobs.push(blob.name);
process.stdout.write(
  JSON.stringify({ workspace: workspace.name, secret: secret.name, length: secret.value.length, blobs }),
);
