// Runs the program of every client, one after the other, and prints what each saw: {"<package>": {…} or {"failed": …}}.
// Each is an ordinary program of a user's: not one option of a client is set, the environment alone says where Azure is.
import { readFileSync } from "node:fs";
import { DefaultAzureCredential } from "@azure/identity";

const programs = {
  "@azure/arm-resources": "./armResources.mjs",
  "@azure/arm-authorization": "./armAuthorization.mjs",
  "@azure/arm-synapse": "./armSynapse.mjs",
  "@azure/arm-machinelearning": "./armMachineLearning.mjs",
  "@azure/keyvault-secrets": "./keyvaultSecrets.mjs",
  "@azure/storage-blob": "./storageBlob.mjs",
  "@azure/synapse-access-control": "./synapseAccessControl.mjs",
  "@azure/synapse-artifacts": "./synapseArtifacts.mjs",
};

const stack = JSON.parse(readFileSync(process.env.STACK_OUTPUTS, "utf8"));
const credential = new DefaultAzureCredential();
const seen = {};
for (const [name, file] of Object.entries(programs)) {
  const { run } = await import(file);
  seen[name] = await run(credential, stack).catch((error) => ({ failed: error.stack, details: error.details }));
}
process.stdout.write(JSON.stringify(seen));
