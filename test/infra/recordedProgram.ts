import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { JsonObject } from "../../contract/json.js";
import { armPath } from "../../emulator/deploy/armRule.js";
import { armRules } from "../../emulator/deploy/armRules.js";
import type { Registration } from "../../emulator/deploy/registration.js";
import { ResourceMonitor } from "../../emulator/deploy/resourceMonitor.js";
import { readStackConfiguration } from "../../emulator/deploy/stackConfiguration.js";
import { withoutStacks } from "../../emulator/deploy/withoutStacks.js";
import program from "../../infra/index.js";

export const subscriptionId = "11111111-1111-1111-1111-111111111111";
export const tenantId = "22222222-2222-2222-2222-222222222222";
export const deployer = "33333333-3333-3333-3333-333333333333";
export const scoringApplication = "44444444-4444-4444-4444-444444444444";
export const triggerPrincipal = "55555555-5555-5555-5555-555555555555";
export const operator = { objectId: "88888888-8888-8888-8888-888888888888", principalType: "Group" };
export const administrator = { objectId: "99999999-9999-9999-9999-999999999999", principalType: "User" };
export const scoringSecret = "sc0ring~secret+with&percent%";

/** For a hook that records: a run takes half a second of a processor that others may be using too. */
export const recordingTimeoutMs = 60_000;

const root = path.resolve(import.meta.dirname, "../..");

/** The settings that every run of the program needs, over the project's own defaults. */
const neededSettings = {
  scoringClientId: "66666666-6666-6666-6666-666666666666",
  scoringClientSecret: scoringSecret,
  triggerPrincipalId: triggerPrincipal,
};

/** An operator, an administrator of Synapse, and an address and a range that may reach it. */
export const accessSettings = {
  operators: JSON.stringify([operator]),
  synapseAdministrators: JSON.stringify([administrator]),
  allowedIpAddresses: JSON.stringify(["10.0.0.1", "10.0.1.0-10.0.1.255"]),
} as const;

/** A resource that the program reads instead of making it. */
interface RecordedRead {
  readonly type: string;
  readonly name: string;
  readonly id: string;
}

export interface RecordedProgram {
  readonly registrations: readonly Registration[];
  readonly reads: readonly RecordedRead[];
  readonly outputs: JsonObject;
}

/** A resource by the last part of its type and its name in the program: `Vault scoring-vault`. */
export function registrationOf({ registrations }: RecordedProgram, typeAndName: string): Registration {
  const called = ({ type, name }: Registration) => `${type.split(":").at(-1)} ${name}`;
  const found = registrations.find((registration) => called(registration) === typeAndName);
  if (!found) throw new Error(`no ${typeAndName} among ${registrations.map(called).join(", ")}`);
  return found;
}

/** Runs the program against Azure's answers as far as it reads them, without any network, and records what it registers. */
export async function recordProgram(settings: Readonly<Record<string, string>> = {}): Promise<RecordedProgram> {
  const { project, configuration, secretKeys } = readStackConfiguration(root, "dev", {
    ...neededSettings,
    ...settings,
  });
  const registrations: Registration[] = [];
  const reads: RecordedRead[] = [];
  const monitor = new ResourceMonitor({
    project,
    stack: "dev",
    async register(registration) {
      registrations.push(registration);
      return answerTo(registration);
    },
    async read({ type, name }, id) {
      reads.push({ type, name, id });
      return { id, outputs: outputsOfExisting(type, name, id) };
    },
    async invoke(token, args) {
      if (token.endsWith(":getClientConfig")) {
        return { clientId: "client", objectId: deployer, tenantId, subscriptionId };
      }
      const id = armPath(
        "datastore",
        { ...ruleOf("azure-native:machinelearningservices:Datastore") },
        args,
        subscriptionId,
      );
      return { id, properties: { datastoreType: "AzureBlob", containerName: "azureml-blobstore-7" } };
    },
  });
  pulumi.runtime.setAllConfig({ ...configuration }, [...secretKeys]);
  pulumi.runtime.setMockOptions(monitor, project, "dev", false, "organization");
  const azure = { signIn: async () => scoringApplication, preflight: async () => {} };
  await withoutStacks(async () => {
    await Promise.race([pulumi.runtime.runInPulumiStack(() => program(azure)), monitor.failed]);
    await pulumi.runtime.disconnect();
  });
  return { registrations, reads, outputs: monitor.rawOutputs };
}

function ruleOf(type: string) {
  const rule = armRules[type];
  if (!rule) throw new Error(`no rule for ${type}`);
  return rule;
}

function answerTo({ type, inputs, name }: Registration): { id: string; outputs: JsonObject } {
  const rule = armRules[type];
  const id = rule ? armPath(type, rule, inputs, subscriptionId) : `${type}/${name}`;
  const properties = typeof inputs["properties"] === "object" ? (inputs["properties"] as JsonObject) : {};
  return {
    id,
    outputs: {
      ...inputs,
      name: id.split("/").at(-1) ?? "",
      hex: "0a1b2c3d",
      identity: { type: "SystemAssigned", principalId: `identity of ${name}` },
      primaryEndpoints: { dfs: `https://${String(inputs["accountName"])}.dfs.core.windows.net/` },
      properties: {
        ...properties,
        secretUriWithVersion: `https://vault.vault.azure.net/secrets/${name}/version-of-${name}`,
        scoringUri: `https://${String(inputs["endpointName"])}.centralus.inference.ml.azure.com/jobs`,
      },
    },
  };
}

function outputsOfExisting(type: string, name: string, id: string): JsonObject {
  const own = id.split("/").at(-1) ?? "";
  return {
    name: own,
    location: "westeurope",
    identity: { type: "SystemAssigned", principalId: `identity of ${name}` },
    ...(type.endsWith(":machinelearningservices:Workspace")
      ? {
          storageAccount: `/subscriptions/${subscriptionId}/resourceGroups/rg-theirs/providers/Microsoft.Storage/storageAccounts/theirs`,
        }
      : {}),
    properties: { scoringUri: `https://${own}.westeurope.inference.ml.azure.com/jobs` },
  };
}
