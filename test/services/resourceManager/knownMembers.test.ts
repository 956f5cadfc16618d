import path from "node:path";
import { describe, expect, it } from "vitest";
import { knownMembers } from "../../../emulator/services/resourceManager/knownMembers.js";
import type { Members } from "../../../emulator/services/resourceManager/members.js";

interface Mapper {
  readonly type: { readonly modelProperties: Readonly<Record<string, { readonly serializedName: string }>> };
}

const packages = path.resolve(import.meta.dirname, "../../../node_modules/@azure");

/** The members of `properties` (or of the model itself) that an official client writes or reads. */
async function membersOf(client: string, model: string, within: "properties." | ""): Promise<readonly string[]> {
  const file = path.join(packages, client, "dist-esm/src/models/mappers.js");
  const mappers = (await import(/* @vite-ignore */ file)) as Readonly<Record<string, Mapper>>;
  const names = Object.values(mappers[model]?.type.modelProperties ?? {}).map(({ serializedName }) => serializedName);
  return names.filter((name) => name.startsWith(within)).map((name) => name.slice(within.length).split(".")[0] ?? "");
}

const namesIn = ({ taken, filled, refused, inert }: Members) => [
  ...[taken, filled, refused].join(" ").split(" "),
  ...Object.keys(inert ?? {}),
];

describe("the table of members", () => {
  it.each([
    ["arm-operationalinsights", "Workspace", "properties.", "microsoft.operationalinsights/workspaces"],
    ["arm-synapse", "Workspace", "properties.", "microsoft.synapse/workspaces"],
    ["arm-synapse", "IpFirewallRuleInfo", "properties.", "microsoft.synapse/workspaces/firewallrules"],
    ["arm-machinelearning", "Workspace", "properties.", "microsoft.machinelearningservices/workspaces"],
    ["arm-machinelearning", "AzureBlobDatastore", "", "microsoft.machinelearningservices/workspaces/datastores"],
    ["arm-machinelearning", "UriFileDataVersion", "", "microsoft.machinelearningservices/workspaces/data/versions"],
    [
      "arm-machinelearning",
      "ModelVersionProperties",
      "",
      "microsoft.machinelearningservices/workspaces/models/versions",
    ],
    ["arm-machinelearning", "CodeVersionProperties", "", "microsoft.machinelearningservices/workspaces/codes/versions"],
    [
      ...(["arm-machinelearning", "EnvironmentVersionProperties", ""] as const),
      "microsoft.machinelearningservices/workspaces/environments/versions",
    ],
    [
      "arm-machinelearning",
      "BatchEndpointProperties",
      "",
      "microsoft.machinelearningservices/workspaces/batchendpoints",
    ],
    [
      ...(["arm-machinelearning", "BatchDeploymentProperties", ""] as const),
      "microsoft.machinelearningservices/workspaces/batchendpoints/deployments",
    ],
  ] as const)("knows all that %s writes of %s", async (client, model, within, type) => {
    const written = await membersOf(client, model, within);
    expect(written.length).toBeGreaterThan(0);
    const known = namesIn(knownMembers[type]?.properties ?? { taken: "" });
    expect(written.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("knows all that arm-machinelearning writes of a cluster", async () => {
    const { inside } = knownMembers["microsoft.machinelearningservices/workspaces/computes"]?.properties ?? {};
    const known = namesIn(inside?.["properties"] ?? { taken: "" });
    const written = await membersOf("arm-machinelearning", "AmlComputeProperties", "");
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((name) => !known.includes(name))).toEqual([]);
  });
});
