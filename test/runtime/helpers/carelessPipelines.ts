import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { systemClock } from "../../../contract/clock.js";
import { audiences } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import type { DeployedEmulator } from "../../helpers/deployedEmulator.js";
import { accountKeysOf } from "./expectNoSecrets.js";

interface Definition {
  readonly properties: {
    readonly variables: JsonObject;
    readonly activities: readonly { readonly name: string; readonly policy?: JsonObject }[];
  };
}

/**
 * Publishes two pipelines that sign in as the deployed one does, but hide nothing, and then send all the secrets that
 * there are, in a form or as JSON, to where they are refused. Resolves with their names and with secrets that they send.
 */
export async function publishCarelessPipelines({ outputs, call, ...azure }: DeployedEmulator) {
  const address = (name: string) => `${outputs.synapseEndpoint}/pipelines/${name}?api-version=2020-12-01`;
  const audience = audiences.synapse[0];
  const { properties } = (await call("deployer", audience, address(outputs.pipelineName))) as Definition;
  const signIn = properties.activities.slice(
    0,
    properties.activities.findIndex(({ name }) => name === "Set tokenml") + 1,
  );
  const open = signIn.map((activity) => {
    return { ...activity, policy: { ...activity.policy, secureInput: false, secureOutput: false } };
  });
  const keys = await accountKeysOf({ outputs, call, ...azure });
  const signature = signatureBy(new URL(outputs.scoresUrl).hostname.split(".")[0] ?? "", keys[0] ?? "");
  const connections = keys.map((key) => `AccountName=acct;AccountKey=${key}`);
  const bodies = {
    "careless-form": `@concat('${connections.join(";")}&client_secret=',variables('clienttoken'))`,
    "careless-json": `@concat('{"client_secret":"',variables('clienttoken'),'","value":"',variables('clienttoken'),'","connections":"${connections.join(";")}"}')`,
  };
  for (const [name, body] of Object.entries(bodies)) {
    const activity = {
      name: "hand_over",
      type: "WebActivity",
      dependsOn: [{ activity: "Set tokenml", dependencyConditions: ["Succeeded"] }],
      typeProperties: {
        method: "PUT",
        url: `${outputs.scoresUrl}/nothing?${signature}`,
        headers: { Authorization: "@concat('Bearer ',variables('tokenml'))", "x-note": "@variables('token')" },
        body,
      },
    };
    const careless = { properties: { variables: properties.variables, activities: [...open, activity] } };
    await call("deployer", audience, address(name), { method: "PUT", body: careless });
  }
  return { names: Object.keys(bodies), secrets: [...keys, signature] };
}

/** A shared access signature that allows reading for an hour. */
function signatureBy(account: string, key: string): string {
  const expiresOn = new Date(systemClock().now().getTime() + 3_600_000);
  const permissions = ContainerSASPermissions.parse("r");
  const credential = new StorageSharedKeyCredential(account, key);
  return generateBlobSASQueryParameters({ containerName: "store", permissions, expiresOn }, credential).toString();
}
