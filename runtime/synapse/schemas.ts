import * as z from "zod";
import { isJsonObject } from "../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../contract/runs.js";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

/** What this program reads of a pipeline run; keys that it does not know are kept. */
export const pipelineRun = z.looseObject({
  runId: z.string(),
  /** The id of the first run, for a run that repeats it. */
  runGroupId: text,
  pipelineName: text,
  parameters: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((values) => values ?? {}),
  runStart: z.string().nullish(),
  runEnd: z.string().nullish(),
  durationInMs: z.number().nullish(),
  lastUpdated: z.string().nullish(),
  invokedBy: z.looseObject({ name: text, invokedByType: text, pipelineRunId: text }).nullish(),
  status: z.custom<PipelineRun["status"]>((value) => typeof value === "string"),
  message: text,
});

/** What this program reads of an activity run; keys that it does not know are kept. */
export const activityRun = z.looseObject({
  activityRunId: z.string(),
  activityName: z.string(),
  activityType: text,
  status: z.custom<ActivityRun["status"]>((value) => typeof value === "string"),
  activityRunStart: z.string().nullish(),
  activityRunEnd: z.string().nullish(),
  durationInMs: z.number().nullish(),
  retryAttempt: z.number().nullish(),
  iterationHash: text,
  input: z.unknown(),
  output: z.unknown(),
  error: z
    .looseObject({ errorCode: text, message: text, target: text })
    .nullish()
    .transform((value) => value ?? { errorCode: "", message: "", target: "" }),
});

export const pipelineRunPage = z.looseObject({ value: z.array(pipelineRun), continuationToken: z.string().nullish() });

export const activityRunPage = z.looseObject({ value: z.array(activityRun), continuationToken: z.string().nullish() });

export const createdRun = z.looseObject({ runId: z.string().min(1) });

/** A pipeline as GET /pipelines/{name} answers it, as far as nesting and dependencies go. */
export const pipelineResource = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    activities: z.array(z.unknown()).nullish(),
    parameters: z.record(z.string(), z.looseObject({ type: z.string(), defaultValue: z.json().optional() })).nullish(),
  }),
});

export const pipelinePage = z.looseObject({ value: z.array(pipelineResource), nextLink: z.string().nullish() });

/** The service writes `AccessDecisions`, its specification `accessDecisions`. */
export const accessDecisions = z.preprocess(
  (value) => (isJsonObject(value) ? { AccessDecisions: value.AccessDecisions ?? value.accessDecisions } : value),
  z.object({ AccessDecisions: z.array(z.looseObject({ accessDecision: z.string() })) }),
);

export type PipelineRunRecord = z.infer<typeof pipelineRun>;
export type ActivityRunRecord = z.infer<typeof activityRun>;
export type PipelineResource = z.infer<typeof pipelineResource>;
