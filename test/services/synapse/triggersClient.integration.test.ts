import type { ArtifactsClient, TriggerResource } from "@azure/synapse-artifacts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type VirtualClock, virtualClock } from "../../../contract/virtualClock.js";
import { type SynapseGateway, startSynapseGateway } from "./synapseGateway.js";
import { minute, parameters, reporting, start } from "./testTriggers.js";

const window = { lastUpdatedAfter: new Date("2000-01-01"), lastUpdatedBefore: new Date("2100-01-01") };
const updateIntervalInMs = 1;
const every: TriggerResource = {
  properties: {
    type: "ScheduleTrigger",
    recurrence: { frequency: "Minute", interval: 1, startTime: new Date("2026-01-01"), timeZone: "UTC" },
    pipelines: [{ pipelineReference: { type: "PipelineReference", referenceName: "report" }, parameters }],
  },
};

describe("the published @azure/synapse-artifacts client", () => {
  let clock: VirtualClock;
  let gateway: SynapseGateway;
  let client: ArtifactsClient;

  beforeAll(async () => {
    clock = virtualClock({ start, automatic: false });
    gateway = await startSynapseGateway({ clock });
    await gateway.test.deployWorkspace();
    await gateway.test.publish("report", reporting);
    client = gateway.clientAs("deployer");
  });
  afterAll(async () => {
    await gateway.close();
    gateway.test.platform.store.close();
  });

  it("publishes, starts, lists, stops and deletes a schedule trigger, and queries, repeats and cancels its runs", async () => {
    const { triggerOperations: triggers, triggerRunOperations: runs } = client;
    const published = await triggers.beginCreateOrUpdateTriggerAndWait("every", every, { updateIntervalInMs });
    expect([published.name, published.properties.runtimeState]).toEqual(["every", "Stopped"]);
    await triggers.beginStartTriggerAndWait("every", { updateIntervalInMs });
    const listed = [];
    for await (const { name, properties } of triggers.listTriggersByWorkspace()) {
      listed.push([name, properties.type, properties.runtimeState]);
    }
    expect(listed).toEqual([["every", "ScheduleTrigger", "Started"]]);

    await clock.advance(minute);
    const [firing, ...others] = (await runs.queryTriggerRunsByWorkspace(window)).value;
    expect(others).toEqual([]);
    expect(firing).toMatchObject({ triggerName: "every", triggerType: "ScheduleTrigger", status: "Succeeded" });
    expect(firing?.triggerRunTimestamp).toEqual(new Date("2026-01-02T03:05:00Z"));
    const runId = String(firing?.triggeredPipelines?.["report"]);
    const run = await client.pipelineRunOperations.getPipelineRun(runId);
    expect(run.invokedBy).toMatchObject({ name: "every", id: firing?.triggerRunId });

    await expect(triggers.beginDeleteTriggerAndWait("every", { updateIntervalInMs })).rejects.toMatchObject({
      statusCode: 400,
      code: "TriggerEnabledCannotUpdate",
    });
    await triggers.beginStopTriggerAndWait("every", { updateIntervalInMs });
    await runs.rerunTriggerInstance("every", String(firing?.triggerRunId));
    expect((await runs.queryTriggerRunsByWorkspace(window)).value).toHaveLength(2);
    await runs.cancelTriggerInstance("every", String(firing?.triggerRunId));
    await triggers.beginDeleteTriggerAndWait("every", { updateIntervalInMs });
    await expect(triggers.getTrigger("every")).rejects.toMatchObject({ statusCode: 404, code: "TriggerNotFound" });
  });

  it("publishes, reads, lists and deletes a linked service and a dataset on it", async () => {
    const { linkedServiceOperations, datasetOperations } = client;
    const secret = { type: "SecureString", value: "s3cret" } as const;
    await linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(
      "lake",
      { properties: { type: "AzureBlobStorage", sasUri: secret } },
      { updateIntervalInMs },
    );
    const read = await linkedServiceOperations.getLinkedService("lake");
    expect(read.properties).toMatchObject({ type: "AzureBlobStorage", sasUri: { value: "**********" } });
    const linkedServiceName = { type: "LinkedServiceReference", referenceName: "lake" } as const;
    await datasetOperations.beginCreateOrUpdateDatasetAndWait(
      "trips",
      { properties: { type: "Json", linkedServiceName } },
      { updateIntervalInMs },
    );
    const names = [];
    for await (const { name } of datasetOperations.listDatasetsByWorkspace()) names.push(name);
    for await (const { name } of linkedServiceOperations.listLinkedServicesByWorkspace()) names.push(name);
    expect(names).toEqual(["trips", "lake"]);
    await datasetOperations.beginDeleteDatasetAndWait("trips", { updateIntervalInMs });
    await linkedServiceOperations.beginDeleteLinkedServiceAndWait("lake", { updateIntervalInMs });
  });
});
