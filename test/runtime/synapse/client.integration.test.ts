import { describe, expect, it, onTestFinished } from "vitest";
import { createHttpClient } from "../../../runtime/http/client.js";
import { createSynapseClient } from "../../../runtime/synapse/client.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { activity, type ServerScript, startSynapseServer } from "../helpers/synapseServer.js";

async function open(script: ServerScript) {
  const server = await startSynapseServer(script);
  const http = createHttpClient({ environment: {}, clock: new ManualClock({ jumps: true }), random: () => 0.5 });
  onTestFinished(() => http.close());
  return { server, synapse: createSynapseClient(`${server.url}/`, http, { token: async () => "t" }) };
}

const window = { lastUpdatedAfter: "2024-05-01T00:00:00Z", lastUpdatedBefore: "2024-05-02T00:00:00Z" };

describe("the Synapse client", () => {
  it("follows continuation tokens, sending the same query with each", async () => {
    const { server, synapse } = await open({
      before: ({ body, answer }) => {
        const token = (body as { continuationToken?: string }).continuationToken;
        const value = [activity(token ?? "first", "Succeeded")];
        answer(200, token === undefined ? { value, continuationToken: "second" } : { value });
        return true;
      },
    });
    const runs = await synapse.queryActivityRuns({ runId: "r/1", pipelineName: "p 1" }, window);
    expect(runs.map((run) => run.activityName)).toEqual(["first", "second"]);
    expect(server.requests[0]).toBe("POST /pipelines/p%201/pipelineruns/r%2F1/queryActivityruns");
    expect(server.bodies).toEqual([
      expect.objectContaining(window),
      expect.objectContaining({ ...window, continuationToken: "second" }),
    ]);
  });

  it("names what an answer lacks that is not Synapse's", async () => {
    const { synapse, server } = await open({
      before: ({ answer }) => {
        answer(200, { runId: 5 });
        return true;
      },
    });
    await expect(synapse.getRun("r1")).rejects.toThrow(
      `GET ${server.url}/pipelineruns/r1 answered something else than the Synapse API does: runId, status`,
    );
  });
});
