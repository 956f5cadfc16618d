import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ActivityRun, type PipelineRun, terminalPipelineRunStatuses } from "../../../contract/runs.js";
import type { HttpPort } from "../../../emulator/engine/ports.js";
import { createOutbound } from "../../../emulator/platform/outbound.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { type SynapseGateway, startSite, startSynapseGateway } from "./synapseGateway.js";

let site: Awaited<ReturnType<typeof startSite>>;
let gateway: SynapseGateway;
let runId: string;
let callBackUri: string;

beforeEach(async () => {
  site = await startSite();
  gateway = await startSynapseGateway();
  const { test } = gateway;
  await test.deployWorkspace();
  const hook = {
    name: "hook",
    type: "WebHook",
    typeProperties: { method: "POST", url: `${site.url}/work`, body: { wanted: 2500 }, timeout: "00:05:00" },
  };
  await test.publish("hooked", { activities: [hook] });
  runId = ((await test.call("POST", "/pipelines/hooked/createRun")).body as { runId: string }).runId;
  const { body } = await site.request("/work");
  expect(JSON.parse(body)).toEqual({ wanted: 2500, callBackUri: expect.stringMatching(/^https:\/\/centralus\./) });
  callBackUri = (JSON.parse(body) as { callBackUri: string }).callBackUri;
});
afterEach(async () => {
  await gateway.close();
  gateway.test.platform.store.close();
  await site.close();
});

/** What the called service posts when it has done its work: it knows the address alone. */
function callBack(uri: string, body: unknown, by: HttpPort = gateway.outbound) {
  return by.send({
    method: "POST",
    url: uri,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    timeoutMs: 10_000,
    maxResponseBytes: 10_000,
    signal: new AbortController().signal,
  });
}

async function comeBack(): Promise<void> {
  const { store } = gateway.test.platform;
  await gateway.close();
  gateway = await startSynapseGateway({ store });
  await gateway.test.synapse.resume();
}

async function ended(): Promise<PipelineRun> {
  for (;;) {
    const run = (await gateway.test.call("GET", `/pipelineruns/${runId}`)).body as PipelineRun;
    if (terminalPipelineRunStatuses.includes(run.status)) return run;
  }
}

async function output(): Promise<unknown> {
  const answer = await gateway.test.call("POST", `/pipelines/hooked/pipelineruns/${runId}/queryActivityruns`);
  return (answer.body as { value: ActivityRun[] }).value[0]?.output;
}

describe("a WebHook activity", () => {
  it("ends with what is posted to its address through the gateway; a second post is refused with 409", async () => {
    expect((await callBack(callBackUri, { rows: 2500 })).status).toBe(200);
    expect((await ended()).status).toBe("Succeeded");
    expect(await output()).toMatchObject({ rows: 2500 });
    expect((await callBack(callBackUri, { rows: 0 })).status).toBe(409);
  });

  it("has no other address: an unknown id is 404, and the run waits on", async () => {
    const answer = await callBack(callBackUri.replace(/[^/]*$/, "11111111-1111-4111-8111-111111111111"), {});
    expect([answer.status, JSON.parse(answer.body)]).toEqual([404, expect.objectContaining({ code: "NotFound" })]);
    const run = (await gateway.test.call("GET", `/pipelineruns/${runId}`)).body as PipelineRun;
    expect(run.status).toBe("InProgress");
  });

  it("does not post again, and is called back at the same address, when the emulator comes back", async () => {
    await comeBack();
    expect((await callBack(callBackUri, { rows: 1 })).status).toBe(200);
    expect((await ended()).status).toBe("Succeeded");
    expect(site.asked).toHaveLength(1);
  });

  it("has a callback that was acknowledged though the run was not there any more to hear it", async () => {
    await gateway.test.synapse.close();
    expect((await callBack(callBackUri, { rows: 2 })).status).toBe(200);
    await comeBack();
    expect((await ended()).status).toBe("Succeeded");
    expect(await output()).toMatchObject({ rows: 2 });
  });

  it("has no callback that came while the emulator was down: it was not acknowledged, and may be made again", async () => {
    const { store } = gateway.test.platform;
    const { proxyUrl } = gateway;
    await gateway.close();
    const down = createOutbound({
      proxyUrl,
      certificatePem: (await testAuthority()).certificatePem,
      serviceSecret: "",
    });
    await expect(callBack(callBackUri, { rows: 3 }, down)).rejects.toThrow();
    await down.close();
    gateway = await startSynapseGateway({ store });
    await gateway.test.synapse.resume();
    expect((await callBack(callBackUri, { rows: 3 })).status).toBe(200);
    expect((await ended()).status).toBe("Succeeded");
  });
});
