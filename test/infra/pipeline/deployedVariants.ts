import { randomUUID } from "node:crypto";
import { systemClock } from "../../../contract/clock.js";
import { experimentsUrl, machineLearningApiUrl, vaultUrl } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../../contract/runs.js";
import { scoringPipeline } from "../../../infra/pipeline/scoringPipeline.js";
import type { ScoringPipelinePlace } from "../../../infra/pipeline/settings.js";
import type { DeployedEmulator } from "../../helpers/deployedEmulator.js";
import type { Variant } from "./variants.js";

const arm = "https://management.azure.com";
const synapse = "https://dev.azuresynapse.net";
const clock = systemClock();

/** What a run became, as its starter reads it. */
export interface EndedRun {
  readonly run: PipelineRun;
  readonly activities: readonly ActivityRun[];
}

/** The roles of an invoker, by GUID, and where the program gives them. */
const dataScientist = "f6c7c914-8db3-469d-8ca1-694a8f32e121";
const blobReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

/** Publishes and runs variants of the pipeline in a deployed emulator, all by Azure's own REST APIs. */
export class DeployedVariants {
  /** Prepares what variants need besides the program: an old endpoint, the roles of a managed identity as invoker. */
  static async prepare(emulator: DeployedEmulator): Promise<DeployedVariants> {
    const variants = new DeployedVariants(emulator);
    await variants.#makeLegacyEndpoint();
    await variants.#letWorkspaceInvoke();
    await variants.#readSecretVersions();
    return variants;
  }

  #secretVersions = { clientId: "", clientSecret: "" };
  readonly #legacyName = "taxi-fares-2021";

  private constructor(readonly emulator: DeployedEmulator) {}

  /** Publishes as the deployer; looks are three seconds apart, because many runs wait at once. */
  async publish(name: string, variant: Variant, place: Partial<ScoringPipelinePlace> = {}): Promise<void> {
    const definition = scoringPipeline(
      { ...this.place(variant), ...place },
      { ...variant, pollSeconds: 3, propagationRetries: 0, statusRetries: 0, jobTimeout: "0.00:10:00" },
    );
    const url = `${this.emulator.outputs.synapseEndpoint}/pipelines/${name}?api-version=2020-12-01`;
    await this.#call(synapse, url, "PUT", { name, properties: definition });
    await until(() => this.#call(synapse, url).catch(() => undefined));
  }

  /** Starts as the trigger application; the run's id. */
  async start(name: string): Promise<string> {
    const url = `${this.emulator.outputs.synapseEndpoint}/pipelines/${name}/createRun?api-version=2020-12-01`;
    const { runId } = (await this.emulator.call("trigger", synapse, url, { method: "POST" })) as { runId: string };
    return runId;
  }

  /** Waits for the ends of these runs, all with one query at a time. */
  async ends(runIds: readonly string[]): Promise<readonly EndedRun[]> {
    const { synapseEndpoint } = this.emulator.outputs;
    const query = (url: string) =>
      this.emulator.call("trigger", synapse, `${synapseEndpoint}${url}?api-version=2020-12-01`, {
        method: "POST",
        body: { lastUpdatedAfter: "2020-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" },
      });
    const runs = await until(async () => {
      const { value } = (await query("/queryPipelineRuns")) as { value: PipelineRun[] };
      const mine = value.filter(({ runId }) => runIds.includes(runId));
      return mine.every(({ status }) => ["Succeeded", "Failed", "Cancelled"].includes(status)) ? mine : undefined;
    });
    return Promise.all(
      runIds.map(async (runId) => {
        const run = runs.find((each) => each.runId === runId);
        if (!run) throw new Error(`no run ${runId}`);
        const url = `/pipelines/${run.pipelineName}/pipelineruns/${runId}/queryActivityruns`;
        const { value } = (await query(url)) as { value: ActivityRun[] };
        return { run, activities: value };
      }),
    );
  }

  place({ batchApi, secretVersion }: Variant): ScoringPipelinePlace {
    const { outputs } = this.emulator;
    const { workspaceId } = this;
    const asset = "taxibatch2files";
    return {
      tenantId: outputs.tenantId,
      vaultUrl: vaultUrl(outputs.keyVault),
      clientIdSecret: "scoring-client-id",
      clientSecretSecret: "scoring-client-secret",
      ...(secretVersion === "pinned" && { secretVersions: this.#secretVersions }),
      experimentsUrl: experimentsUrl(outputs.location),
      machineLearningApiUrl: machineLearningApiUrl(outputs.location),
      machineLearningWorkspaceId: workspaceId,
      scoringUri:
        batchApi === "preview"
          ? outputs.scoringUri.replace(outputs.batchEndpoint, this.#legacyName)
          : outputs.scoringUri,
      dataAssetId: `${workspaceId}/data/${asset}/versions/1`,
      datasetName: asset,
      datasetVersion: "1",
      scoresDatastoreId: `${workspaceId}/datastores/workspaceblobstore`,
      datastore: asset,
      relativePath: "/example-data/taxibatch.csv",
    };
  }

  get workspaceId(): string {
    const { machineLearningWorkspace } = this.emulator.outputs;
    return `${this.#group}/providers/Microsoft.MachineLearningServices/workspaces/${machineLearningWorkspace}`;
  }

  /** The object id of the Synapse workspace's own identity. */
  async synapseIdentity(): Promise<string> {
    const { synapseWorkspace } = this.emulator.outputs;
    const url = `${arm}${this.#group}/providers/Microsoft.Synapse/workspaces/${synapseWorkspace}?api-version=2021-06-01`;
    return ((await this.#call(arm, url)) as { identity: { principalId: string } }).identity.principalId;
  }

  get #group(): string {
    const { subscriptionId, resourceGroup } = this.emulator.outputs;
    return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  }

  #call(audience: string, url: string, method: "GET" | "PUT" = "GET", body?: object): Promise<unknown> {
    return this.emulator.call("deployer", audience, url, { method, ...(body && { body }) });
  }

  async #put(id: string, apiVersion: string, body: object): Promise<void> {
    const url = `${arm}${id}?api-version=${apiVersion}`;
    await this.#call(arm, url, "PUT", body);
    await until(async () => {
      const { properties } = (await this.#call(arm, url)) as { properties: JsonObject };
      return properties["provisioningState"] === "Succeeded" ? properties : undefined;
    });
  }

  /** An endpoint of the API version that still took datasets, with the program's own deployment on it. */
  async #makeLegacyEndpoint(): Promise<void> {
    const apiVersion = "2021-10-01";
    const { location, batchEndpoint } = this.emulator.outputs;
    const current = `${this.workspaceId}/batchEndpoints/${batchEndpoint}`;
    const endpoint = (await this.#call(arm, `${arm}${current}?api-version=2025-12-01`)) as {
      properties: { defaults: { deploymentName: string } };
    };
    const { deploymentName } = endpoint.properties.defaults;
    const deployment = (await this.#call(
      arm,
      `${arm}${current}/deployments/${deploymentName}?api-version=2025-12-01`,
    )) as { properties: JsonObject };
    const { provisioningState: _readOnly, ...properties } = deployment.properties;
    const id = `${this.workspaceId}/batchEndpoints/${this.#legacyName}`;
    const authMode = "AADToken";
    await this.#put(id, apiVersion, { location, properties: { authMode } });
    await this.#put(`${id}/deployments/${deploymentName}`, apiVersion, { location, properties });
    await this.#put(id, apiVersion, { location, properties: { authMode, defaults: { deploymentName } } });
  }

  async #letWorkspaceInvoke(): Promise<void> {
    const account = new URL(this.emulator.outputs.inputUrl).hostname.split(".")[0];
    const input = `${this.#group}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/taxibatch2files`;
    const principalId = await this.synapseIdentity();
    for (const [scope, role] of [
      [this.workspaceId, dataScientist],
      [input, blobReader],
    ]) {
      const url = `${arm}${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
      const { subscriptionId } = this.emulator.outputs;
      const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
      const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
      await this.#call(arm, url, "PUT", { properties });
    }
  }

  async #readSecretVersions(): Promise<void> {
    const versionOf = async (name: string) => {
      const url = `${vaultUrl(this.emulator.outputs.keyVault)}/secrets/${name}?api-version=7.4`;
      const { id } = (await this.#call("https://vault.azure.net", url)) as { id: string };
      return String(id.split("/").at(-1));
    };
    this.#secretVersions = {
      clientId: await versionOf("scoring-client-id"),
      clientSecret: await versionOf("scoring-client-secret"),
    };
  }
}

/** Looks again and again until there is something to see. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await clock.sleep(200);
  }
}
