import { beforeAll, describe, expect, it } from "vitest";
import {
  accessSettings,
  type RecordedProgram,
  recordingTimeoutMs,
  recordProgram,
  registrationOf,
} from "./recordedProgram.js";

let recorded: RecordedProgram;

beforeAll(async () => {
  recorded = await recordProgram(accessSettings);
}, recordingTimeoutMs);

const registered = (name: string) => registrationOf(recorded, name);

describe("resource options", () => {
  it("an asset's version is never deleted by itself", () => {
    for (const name of [
      "DataVersion data-asset",
      "CodeVersion code",
      "ModelVersion model",
      "EnvironmentVersion environment",
    ]) {
      expect(registered(name), name).toMatchObject({
        retainOnDelete: true,
        deletedWith: registered("Workspace machine-learning").urn,
      });
    }
  });

  it("the endpoint leaves its default to BatchEndpointDefault, which comes after the deployment", () => {
    expect(registered("BatchEndpoint batch-endpoint").ignoreChanges).toEqual(["properties.defaults"]);
    const setter = registered("BatchEndpointDefault batch-endpoint-default");
    expect(setter.dependencies).toContain(registered("BatchDeployment batch-deployment").urn);
  });

  it("what is inside the Synapse workspace comes after its address rules and goes with it", () => {
    const inside = recorded.registrations.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/synapse:"));
    expect(inside).toHaveLength(8);
    for (const registration of inside) {
      expect(registration.deletedWith).toBe(registered("Workspace synapse").urn);
      expect(registration.dependencies).toContain(registered("IpFirewallRule address-10.0.0.1").urn);
    }
  });

  it("secrets come after the deployer's role and go with the vault", () => {
    const secret = registered("Secret scoring-client-secret");
    const role = registered("RoleAssignment deployer, Key Vault Secrets Officer, scoring vault");
    expect(secret.deletedWith).toBe(registered("Vault scoring-vault").urn);
    expect(secret.dependencies).toContain(role.urn);
  });

  it("what frees a name comes after a workspace and before all that is in it, and before a vault", () => {
    const purge = (name: string) => registered(`PurgeOnDelete ${name}`);
    const mlPurge = purge("machine-learning-purge");
    expect(mlPurge.inputs).toMatchObject({ kind: "machineLearningWorkspace", purge: true });
    expect(mlPurge.dependencies).toContain(registered("Workspace machine-learning").urn);
    for (const name of ["Compute cluster", "Datastore input-datastore", "BatchEndpoint batch-endpoint"]) {
      expect(registered(name).dependencies, name).toContain(mlPurge.urn);
    }
    const logsPurge = purge("logs-purge");
    expect(logsPurge.inputs).toMatchObject({ kind: "logAnalyticsWorkspace", purge: true });
    expect(logsPurge.dependencies).toContain(registered("Workspace logs").urn);
    for (const name of ["Component insights", "DiagnosticSetting synapse-logs"]) {
      expect(registered(name).dependencies, name).toContain(logsPurge.urn);
    }
    for (const name of ["scoring-vault", "machine-learning-vault"]) {
      expect(purge(`${name}-purge`).inputs).toMatchObject({ kind: "vault", location: "centralus", purge: true });
      expect(registered(`Vault ${name}`).dependencies).toContain(purge(`${name}-purge`).urn);
    }
  });

  it("an address rule spans its range", () => {
    expect(registered("IpFirewallRule address-10.0.1.0-10.0.1.255").inputs).toMatchObject({
      startIpAddress: "10.0.1.0",
      endIpAddress: "10.0.1.255",
    });
  });
});
