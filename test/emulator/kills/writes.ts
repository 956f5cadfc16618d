import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { StackOutputs } from "../../../contract/stackOutputs.js";
import { principals } from "../../../emulator/platform/subscription.js";
import type { Caller } from "../../helpers/deployedEmulator.js";

const arm = "https://management.azure.com";
const storage = "https://storage.azure.com";
/** Reader, Contributor, Storage Blob Data Reader, Key Vault Secrets User: the same role is assigned once only. */
const roles = [
  "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "4633458b-17de-408a-b874-0445c86b69e6",
];
const blobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const blobHeaders = { "x-ms-version": "2024-11-04", "content-type": "text/plain" };

/** Between two writes, so that there are some as long as the run goes on. */
const paceMs = 80;

/** A write that Azure acknowledges, and how to see afterwards that it was kept. */
interface Write {
  readonly what: string;
  do(caller: Caller): Promise<unknown>;
  /** What was written, as it is read back. */
  read(caller: Caller): Promise<unknown>;
  readonly expected: string;
}

/** One of each kind: a blob, a secret, a role assignment, a published pipeline. */
function writes(outputs: StackOutputs, value: string, roleId: string): readonly Write[] {
  const blob = `${outputs.inputUrl}/kept/${value}`;
  const secret = `https://${outputs.keyVault}.vault.azure.net/secrets/kept-${value}?api-version=7.4`;
  const assignment = `${groupOf(outputs)}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const role = `${arm}${assignment}?api-version=2022-04-01`;
  const pipeline = `${outputs.synapseEndpoint}/pipelines/kept-${value}?api-version=2020-12-01`;
  const wait = { name: value, type: "Wait", typeProperties: { waitTimeInSeconds: 1 } };
  return [
    {
      what: "blob",
      do: ({ call }) =>
        call("deployer", storage, blob, {
          method: "PUT",
          body: value,
          headers: { ...blobHeaders, "x-ms-blob-type": "BlockBlob" },
        }),
      read: ({ call }) => call("deployer", storage, blob, { headers: blobHeaders }),
      expected: value,
    },
    {
      what: "secret",
      do: ({ call }) => call("deployer", "https://vault.azure.net", secret, { method: "PUT", body: { value } }),
      read: async ({ call }) =>
        ((await call("deployer", "https://vault.azure.net", secret)) as { readonly value: string }).value,
      expected: value,
    },
    {
      what: "role assignment",
      do: ({ call }) => call("deployer", arm, role, { method: "PUT", body: assign(outputs, roleId, "scoring") }),
      read: async ({ call }) => ((await call("deployer", arm, role)) as { readonly id: string }).id,
      expected: assignment,
    },
    {
      what: "published pipeline",
      do: (caller) => publish(caller, pipeline, { properties: { activities: [wait] } }),
      read: async ({ call }) => {
        const stored = await call("deployer", "https://dev.azuresynapse.net", pipeline);
        return (stored as { readonly properties: { readonly activities: readonly [{ readonly name: string }] } })
          .properties.activities[0].name;
      },
      expected: value,
    },
  ];
}

/** A publish is acknowledged when its operation has succeeded, which is when the pipeline can be read. */
async function publish({ call }: Caller, url: string, body: object): Promise<void> {
  const synapse = "https://dev.azuresynapse.net";
  await call("deployer", synapse, url, { method: "PUT", body });
  for (let isThere = false; !isThere; ) {
    isThere = await call("deployer", synapse, url).then(
      () => true,
      (error: Error) => {
        if (!error.message.includes(" answered 404")) throw error;
        return false;
      },
    );
  }
}

/** Writes one after the other until all is written or the emulator is gone; gives what was acknowledged. */
export async function writeUntilGone(caller: Caller, outputs: StackOutputs): Promise<readonly Write[]> {
  const acknowledged: Write[] = [];
  for (const [round, roleId] of roles.entries()) {
    for (const write of writes(outputs, `value-${round}`, roleId)) {
      try {
        await write.do(caller);
      } catch (error) {
        // a refusal is no disappearance
        if (error instanceof Error && / answered \d+/.test(error.message)) throw error;
        return acknowledged;
      }
      acknowledged.push(write);
      await pause(paceMs);
    }
  }
  return acknowledged;
}

/** The acknowledged writes that are not there any more. */
export async function lost(caller: Caller, acknowledged: readonly Write[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { what, read, expected } of acknowledged) {
    const seen = await read(caller).catch((error: Error) => error.message);
    if (seen !== expected) found.push(`${what} ${expected}: ${String(seen)}`);
  }
  return found;
}

/** Lets the deployer write blobs, which the program does not. */
export async function allowBlobs({ call }: Caller, outputs: StackOutputs): Promise<void> {
  const id = `${groupOf(outputs)}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const body = assign(outputs, blobContributor, "deployer");
  await call("deployer", arm, `${arm}${id}?api-version=2022-04-01`, { method: "PUT", body });
}

const groupOf = ({ subscriptionId, resourceGroup }: StackOutputs) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;

function assign({ subscriptionId }: StackOutputs, role: string, principal: "deployer" | "scoring") {
  return {
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: principals[principal].objectId,
      principalType: "ServicePrincipal",
    },
  };
}
