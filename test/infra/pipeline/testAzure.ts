import { hostNames } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { type VirtualClock, virtualClock } from "../../../contract/virtualClock.js";
import type { Engine } from "../../../emulator/engine/engine.js";
import type { HttpRequest } from "../../../emulator/engine/ports.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { createEntra } from "../../../emulator/services/entra/index.js";
import { scoringPipeline } from "../../../infra/pipeline/scoringPipeline.js";
import type { ScoringPipelineSettings } from "../../../infra/pipeline/settings.js";
import { type Answer, type MemoryJournal, type TestEngine, testEngine } from "../../engine/testEngine.js";
import { sendInProcess } from "../../helpers/sendInProcess.js";
import { dataContainerScope, deploy } from "../../services/machineLearning/deployed.js";
import { roles, scoringHost, workspaceId } from "../../services/machineLearning/names.js";
import { TestMachineLearning } from "../../services/machineLearning/testMachineLearning.js";
import { azureSettings } from "./place.js";

const synapseId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Synapse/workspaces/ws";

/** What stands between the pipeline and a service: answers itself, or lets the request through (undefined). */
export type Interception = (request: HttpRequest, send: () => Promise<Answer>) => Promise<Answer> | Answer | undefined;

/** One request of a Web activity, and how it was answered (0: not at all). */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly status: number;
}

/**
 * Azure ML, Entra ID and the pipeline engine on one virtual clock, without a socket: hours take milliseconds, and tokens
 * live as long by that clock as they do on Azure. The vault is two fixed answers.
 */
export class TestAzure {
  static async start(options: { worker?: URL; propagationMs?: number } = {}): Promise<TestAzure> {
    const clock = virtualClock();
    const machineLearning = await TestMachineLearning.start({ clock, ...options });
    const { readers: _roles, ...deployed } = await deploy(machineLearning);
    const identity = machineLearning.platform.directory.managedIdentity(synapseId, "ws");
    machineLearning.assign(identity.objectId, roles.dataScientist, workspaceId);
    machineLearning.assign(identity.objectId, roles.blobReader, dataContainerScope);
    return new TestAzure(clock, machineLearning, deployed);
  }

  /** Every request that was sent since the start. */
  readonly exchanges: Exchange[] = [];
  intercept: Interception = () => undefined;
  readonly #entra;
  readonly #engines: Engine[] = [];

  private constructor(
    readonly clock: VirtualClock,
    readonly machineLearning: TestMachineLearning,
    readonly deployed: { readonly container: string; putInput(csv: string): void },
  ) {
    this.#entra = createEntra(machineLearning.platform);
  }

  /** An engine whose Web activities reach these services, and no other. */
  engine(journal?: MemoryJournal): TestEngine {
    const { directory, tokens } = this.machineLearning.platform;
    const test = testEngine({
      clock: this.clock,
      ...(journal && { journal }),
      // what is under way takes no time on the virtual clock
      handler: (request) => this.clock.hold(this.#exchange(request)),
      token: ({ resource }) => {
        const principal = directory.managedIdentity(synapseId, "ws");
        const issued = tokens.issue({ principal, audience: resource, version: "1.0" });
        return this.clock.hold(issued.then(({ accessToken }) => accessToken));
      },
    });
    this.#engines.push(test.engine);
    return test;
  }

  pipeline(settings: Partial<ScoringPipelineSettings> = {}) {
    const place = {
      tenantId: subscription.tenantId,
      vaultUrl: "https://kv.vault.azure.net",
      clientIdSecret: "id",
      clientSecretSecret: "secret",
      experimentsUrl: "https://centralus.experiments.azureml.net",
      machineLearningApiUrl: "https://centralus.api.azureml.ms",
      machineLearningWorkspaceId: workspaceId,
      scoringUri: `https://${scoringHost}/jobs`,
      dataAssetId: `${workspaceId}/data/trips/versions/1`,
      datasetName: "trips",
      datasetVersion: "1",
      scoresDatastoreId: `${workspaceId}/datastores/workspaceblobstore`,
      datastore: "taxibatch2files",
      relativePath: "/trips.csv",
    };
    return scoringPipeline(place, { ...azureSettings, ...settings });
  }

  /** The jobs that the service has, with their states. */
  jobs(): readonly { readonly name: string; readonly status: string }[] {
    return this.machineLearning.platform.resources
      .below(`${workspaceId}/jobs`)
      .map(({ name, body }) => ({ name, status: String((body["properties"] as JsonObject)["status"]) }));
  }

  /** How often a job was asked for. */
  invocations(): number {
    return this.exchanges.filter(({ method, url }) => method === "POST" && url === `https://${scoringHost}/jobs`)
      .length;
  }

  async close(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    await this.#entra.close();
    await this.machineLearning.close();
  }

  async #exchange(request: HttpRequest): Promise<Answer> {
    const { method, url, headers } = request;
    let status = 0;
    try {
      const answer = await (this.intercept(request, () => this.#send(request)) ?? this.#send(request));
      status = answer.status ?? 200;
      return answer;
    } finally {
      this.exchanges.push({ method, url, authorization: headers["Authorization"], status });
    }
  }

  async #send({ method, url, headers, body }: HttpRequest): Promise<Answer> {
    const { hostname, pathname, search } = new URL(url);
    if (hostname === "kv.vault.azure.net") return { body: { value: this.#secret(pathname) } };
    const service = hostname === hostNames.login ? this.#entra : this.machineLearning.service;
    const answer = await sendInProcess(service.handle, {
      method,
      url: pathname + search,
      headers: { ...headers, host: hostname, ...(body && { "content-length": String(Buffer.byteLength(body)) }) },
      body: body === undefined ? undefined : Buffer.from(body),
    });
    return { status: answer.status, body: String(answer.body) };
  }

  #secret(path: string): string {
    const { appId } = this.machineLearning.principal("scoring");
    return path === "/secrets/id" ? appId : (this.machineLearning.platform.directory.secretOf(appId) ?? "");
  }
}
