import { setTimeout as wait } from "node:timers/promises";
import { ClientSecretCredential } from "@azure/identity";
import { ArtifactsClient } from "@azure/synapse-artifacts";
import { systemClock } from "../contract/clock.js";
import { createTokenSource } from "../runtime/auth/credential.js";
import { createHttpClient } from "../runtime/http/client.js";
import { createSynapseClient } from "../runtime/synapse/client.js";
import { inLanes } from "../runtime/synapse/inLanes.js";
import { interleaved } from "./interleaved.js";
import type { StateTimes } from "./states.js";
import { post, synapseToken, TunnelAgent } from "./tunnel.js";

/** Fetches the state of all runs with three clients in turn and prints their times; each has its token and connections before. */
const lanes = 16;
const rounds = 3;
const [endpoint = "", runs = "", activities = ""] = process.argv.slice(2);
const environment = process.env;
const clock = systemClock();
const hourMs = 3_600_000;
const now = Date.now();
const window = {
  lastUpdatedAfter: new Date(now - hourMs).toISOString(),
  lastUpdatedBefore: new Date(now + hourMs).toISOString(),
};
const filters = [{ operand: "PipelineName", operator: "Equals", values: ["ten-activities"] }] as const;

/** A run as far as its activities are asked for. */
interface Run {
  readonly runId: string;
  readonly pipelineName: string;
  readonly status: string;
}

interface Client {
  runs(): Promise<readonly Run[]>;
  activities(run: Run): Promise<readonly unknown[]>;
}

const http = createHttpClient({ environment, clock, random: Math.random });
const synapse = createSynapseClient(endpoint, http, createTokenSource({ environment, clock }));
const ours: Client = {
  runs: () => synapse.queryPipelineRuns(window, filters),
  activities: (run) => synapse.queryActivityRuns(run, window),
};
const agent = new TunnelAgent(environment["HTTPS_PROXY"] ?? "", { keepAlive: true, maxSockets: lanes });
const bare = await bareClient();
const official = officialClient();

while ((await ours.runs()).some(({ status }) => status !== "Succeeded")) await wait(100);
// once unmeasured: tokens, connections, compiled code
for (const client of [ours, bare, official]) await timeOf(client);
const works = [ours, bare, official].map((client) => () => timeOf(client));
const [own = [], least = [], azures = []] = await interleaved(works, rounds);
process.stdout.write(JSON.stringify({ ours: own, bare: least, official: azures } satisfies StateTimes));
agent.destroy();
await http.close();

/** Milliseconds for all runs and all activities; fails where one is missing. */
async function timeOf(client: Client): Promise<number> {
  const begun = performance.now();
  const found = await client.runs();
  const seen = await inLanes(found, lanes, async (run) => (await client.activities(run)).length);
  const elapsed = performance.now() - begun;
  const total = seen.reduce((one, other) => one + other, 0);
  if (found.length !== Number(runs) || total !== found.length * Number(activities)) {
    throw new Error(`${found.length} runs and ${total} activities were answered`);
  }
  return elapsed;
}

interface Page {
  readonly value: readonly Run[];
  readonly continuationToken?: string | null;
}

/** The same requests with node:https alone. */
async function bareClient(): Promise<Client> {
  const token = await synapseToken(agent, environment);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const query = async (path: string, body: object) =>
    (await post(agent, `${endpoint}${path}?api-version=2020-12-01`, headers, JSON.stringify(body))) as Page;
  return {
    async runs() {
      const orderBy = [{ orderBy: "RunStart", order: "DESC" }];
      const all: Run[] = [];
      let continuationToken: string | null | undefined;
      do {
        const page = await query("/queryPipelineRuns", {
          ...window,
          filters,
          orderBy,
          ...(continuationToken && { continuationToken }),
        });
        all.push(...page.value);
        continuationToken = page.continuationToken;
      } while (continuationToken);
      return all;
    },
    async activities({ pipelineName, runId }) {
      const orderBy = [{ orderBy: "ActivityRunStart", order: "ASC" }];
      const path = `/pipelines/${pipelineName}/pipelineruns/${runId}/queryActivityruns`;
      return (await query(path, { ...window, orderBy })).value;
    },
  };
}

function officialClient(): Client {
  const { AZURE_TENANT_ID: tenant = "", AZURE_CLIENT_ID: id = "", AZURE_CLIENT_SECRET: secret = "" } = environment;
  const { pipelineRunOperations: operations } = new ArtifactsClient(
    new ClientSecretCredential(tenant, id, secret),
    endpoint,
  );
  const between = { lastUpdatedAfter: new Date(now - hourMs), lastUpdatedBefore: new Date(now + hourMs) };
  return {
    async runs() {
      const all: Run[] = [];
      let continuationToken: string | undefined;
      do {
        const page = await operations.queryPipelineRunsByWorkspace({
          ...between,
          filters: filters.map((filter) => ({ ...filter, values: [...filter.values] })),
          orderBy: [{ orderBy: "RunStart", order: "DESC" }],
          ...(continuationToken !== undefined && { continuationToken }),
        });
        for (const { runId = "", pipelineName = "", status = "" } of page.value)
          all.push({ runId, pipelineName, status });
        continuationToken = page.continuationToken || undefined;
      } while (continuationToken !== undefined);
      return all;
    },
    async activities({ pipelineName, runId }) {
      const orderBy = [{ orderBy: "ActivityRunStart", order: "ASC" }];
      return (await operations.queryActivityRuns(pipelineName, runId, { ...between, orderBy })).value;
    },
  };
}
