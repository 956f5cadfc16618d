import { expect } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import type { PipelineRun } from "../../../contract/runs.js";
import type { TestSynapse } from "./testSynapse.js";

export const minute = 60_000;
/** When the clocks of these tests begin; a trigger of every minute fires first at 03:05. */
export const start = "2026-01-02T03:04:05.000Z";
export const window = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };

/** A pipeline that sees what started it. */
export const reporting: JsonObject = {
  parameters: { scheduled: { type: "String" }, fired: { type: "String" }, count: { type: "Int", defaultValue: 7 } },
  variables: { seen: { type: "String" } },
  activities: [
    {
      name: "see",
      type: "SetVariable",
      typeProperties: {
        variableName: "seen",
        value: "@{pipeline().TriggerType}/@{pipeline().TriggerName}/@{pipeline().TriggerTime}",
      },
    },
  ],
};

export const parameters = {
  scheduled: "@trigger().scheduledTime",
  fired: { value: "@trigger().startTime", type: "Expression" },
};

export const starting = (name: string, parameters: JsonObject = {}) => ({
  pipelineReference: { referenceName: name, type: "PipelineReference" },
  parameters,
});

export const trigger = (recurrence: JsonObject, ...pipelines: JsonObject[]): JsonObject => ({
  type: "ScheduleTrigger",
  typeProperties: { recurrence },
  pipelines,
});

export const everyMinute = (more: JsonObject = {}) => ({
  frequency: "Minute",
  interval: 1,
  startTime: "2026-01-01T00:00:00Z",
  ...more,
});

export interface TriggerRunRecord {
  readonly triggerName: string;
  readonly triggerRunId: string;
  readonly status: string;
  readonly message: string;
  readonly triggerRunTimestamp: string;
  readonly triggeredPipelines: Record<string, string>;
}

export async function startTrigger(test: TestSynapse, name: string, properties: JsonObject): Promise<void> {
  await test.publish(name, properties, "triggers");
  const answer = await test.call("POST", `/triggers/${name}/start`);
  expect([answer.status, answer.body]).toEqual([200, ""]);
}

export async function triggerRuns(test: TestSynapse, body: JsonObject = {}): Promise<readonly TriggerRunRecord[]> {
  const answer = await test.call("POST", "/queryTriggerRuns", { body: { ...window, ...body } });
  expect(answer.status).toBe(200);
  return (answer.body as { value: TriggerRunRecord[] }).value;
}

export async function pipelineRuns(test: TestSynapse): Promise<readonly PipelineRun[]> {
  return ((await test.call("POST", "/queryPipelineRuns", { body: window })).body as { value: PipelineRun[] }).value;
}
