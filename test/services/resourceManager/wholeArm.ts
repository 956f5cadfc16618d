import type { JsonObject } from "../../../contract/json.js";
import type { AccessControl } from "../../../emulator/platform/accessControl.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import type { ResourceType } from "../../../emulator/platform/resourceType.js";
import { openStore } from "../../../emulator/platform/store.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { createKeyVault } from "../../../emulator/services/keyVault/index.js";
import { createMachineLearning } from "../../../emulator/services/machineLearning/index.js";
import { createStorage } from "../../../emulator/services/storage/index.js";
import { createSynapse } from "../../../emulator/services/synapse/index.js";
import { TestBlobs } from "../machineLearning/testBlobs.js";
import { group, TestArm } from "./testArm.js";

const provider = (namespace: string) => `${group}/providers/Microsoft.${namespace}`;
export const ids = {
  vault: `${provider("KeyVault")}/vaults/kv-one`,
  storage: `${provider("Storage")}/storageAccounts/mlaccount`,
  lake: `${provider("Storage")}/storageAccounts/lakeaccount`,
  logs: `${provider("OperationalInsights")}/workspaces/logs-one`,
  insights: `${provider("Insights")}/components/insights-one`,
  machineLearning: `${provider("MachineLearningServices")}/workspaces/mlw-one`,
  synapse: `${provider("Synapse")}/workspaces/synw-one`,
} as const;

const location = "centralus";
const identity = { type: "SystemAssigned" };

/** Bodies that the providers take. */
export const bodies = {
  vault: {
    location,
    properties: {
      ...{ tenantId: subscription.tenantId, sku: { family: "A", name: "standard" } },
      ...{ enableRbacAuthorization: true, softDeleteRetentionInDays: 7 },
    },
  },
  storage: { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: {} },
  lake: { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: { isHnsEnabled: true } },
  logs: { location, properties: { sku: { name: "PerGB2018" }, retentionInDays: 30 } },
  insights: { location, kind: "web", properties: { Application_Type: "web", WorkspaceResourceId: ids.logs } },
  machineLearning: {
    ...{ location, identity },
    properties: { storageAccount: ids.storage, keyVault: ids.vault, applicationInsights: ids.insights },
  },
  synapse: {
    ...{ location, identity },
    properties: {
      defaultDataLakeStorage: { accountUrl: "https://lakeaccount.dfs.core.windows.net", filesystem: "lake" },
      azureADOnlyAuthentication: true,
    },
  },
} as const satisfies Record<keyof typeof ids, JsonObject>;

/** A body with other properties. */
export const withProperties = (body: JsonObject, properties: JsonObject): JsonObject => ({
  ...body,
  properties: { ...(body["properties"] as JsonObject), ...properties },
});

/** A time that a test moves on. */
export class DayClock {
  #now = Date.parse("2026-03-01T08:00:00Z");
  now = () => new Date(this.#now);
  sleep = () => Promise.reject(new Error("nothing waits here"));
  pass(days: number): void {
    this.#now += days * 86_400_000;
  }
}

/** Resource Manager with the types of every service, in one group; blobs are in memory, no host is served. */
export class WholeArm {
  static async start(): Promise<WholeArm> {
    const clock = new DayClock();
    const services: { close(): Promise<void> }[] = [];
    const types = async (platform: Platform, accessControl: AccessControl): Promise<readonly ResourceType[]> => {
      const storage = await createStorage(platform, { folder: undefined });
      const keyVault = await createKeyVault(platform);
      const machineLearning = await createMachineLearning({
        ...{ platform, accessControl, blobs: new TestBlobs(() => platform), accountKey: storage.accountKey },
        scoringWorker: new URL("file:///no/worker/is/needed"),
      });
      const synapse = await createSynapse({
        platform,
        outbound: { send: () => Promise.reject(new Error("nothing is sent")) },
      });
      services.push(storage, keyVault, machineLearning, synapse);
      return services.flatMap((service) => (service as typeof storage).resourceTypes);
    };
    const arm = await (await TestArm.start(types, openStore(undefined, Buffer.alloc(32, 7)), clock)).withGroup();
    return new WholeArm(arm, clock, services);
  }

  private constructor(
    readonly arm: TestArm,
    readonly clock: DayClock,
    private readonly services: readonly { close(): Promise<void> }[],
  ) {}

  /** PUTs one of the resources as it should be (or as given), and waits until it is made. */
  async make(name: keyof typeof ids, body: JsonObject = bodies[name]) {
    const answer = await this.arm.call("PUT", ids[name], { body });
    await this.arm.arm.context.operations.settled();
    return answer;
  }

  async makeAll(...names: readonly (keyof typeof ids)[]): Promise<void> {
    for (const name of names) {
      const { status, body } = await this.make(name);
      if (status >= 300) throw new Error(`${name}: ${JSON.stringify(body)}`);
    }
  }

  /** All that an ML workspace is linked to, then the workspace. */
  makeMachineLearning = () => this.makeAll("vault", "storage", "logs", "insights", "machineLearning");

  async delete(name: keyof typeof ids, query = "") {
    const answer = await this.arm.call("DELETE", `${ids[name]}${query}`);
    await this.arm.arm.context.operations.settled();
    return answer;
  }

  rows(table: string): number {
    return Number(this.arm.platform.store.get(`SELECT COUNT(*) AS count FROM ${table}`)?.["count"]);
  }

  async close(): Promise<void> {
    await this.arm.arm.context.operations.settled();
    for (const service of this.services) await service.close();
  }
}
