import * as z from "zod";

/** ISO 8601, UTC, as the service writes it. */
const moment = z.string().nullable();

/** What `runs --json` writes: the newest runs of a workspace. */
export const runsDocument = z.strictObject({
  workspace: z.string(),
  more: z.boolean(),
  runs: z.array(
    z.strictObject({
      runId: z.string(),
      pipeline: z.string(),
      status: z.string(),
      start: moment,
      end: moment,
      durationMs: z.number().nullable(),
      invokedBy: z.string().nullable(),
      message: z.string(),
    }),
  ),
});

/** What `cancel --json` writes: how a run ended, and what was cancelled with it. */
export const cancelDocument = z.strictObject({
  runId: z.string(),
  status: z.string(),
  wasOver: z.boolean(),
  children: z.array(z.string()),
  jobs: z.array(
    z.strictObject({
      name: z.string(),
      workspaceId: z.string(),
      status: z.string().nullable(),
      outcome: z.enum(["over", "requested", "refused"]),
      sentence: z.string().nullable(),
      cure: z.string().nullable(),
      studioUrl: z.string(),
    }),
  ),
});

/** What `scores --json` writes: a summary of a run's predictions; fares are US dollars. */
export const scoresDocument = z.strictObject({
  runId: z.string(),
  url: z.string(),
  scoredBy: z
    .array(z.strictObject({ endpoint: z.string(), deployment: z.string(), model: z.string().nullable() }))
    .nullable(),
  rows: z.number(),
  known: z.number(),
  meanAbsoluteError: z.number().nullable(),
  rootMeanSquareError: z.number().nullable(),
  predicted: z
    .strictObject({
      least: z.number(),
      median: z.number(),
      mean: z.number(),
      most: z.number(),
      exact: z.boolean(),
    })
    .nullable(),
  histogram: z.array(z.strictObject({ from: z.number(), to: z.number(), count: z.number() })),
  first: z.array(
    z.strictObject({
      row: z.number(),
      pickup: z.string(),
      pickup_zone: z.string(),
      dropoff_zone: z.string(),
      distance: z.number().nullable(),
      fare: z.number().nullable(),
      predicted_fare: z.number(),
    }),
  ),
});
