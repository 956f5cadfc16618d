import * as z from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { parseJson } from "../http/parseJson.js";

const states = ["NotStarted", "Running", "Failed", "Cancelled", "Finished"] as const;

export type JobState = (typeof states)[number];

const outputReference = z.object({
  BaseLocation: z.string().nullish(),
  RelativeLocation: z.string(),
  SasBlobToken: z.string().nullish(),
});

/** Where an output is; without a token it is read with the account's key. */
export type OutputReference = z.infer<typeof outputReference>;

const outputs = z.record(z.string(), outputReference).nullish();

const statusSchema = z.object({
  // the service leaves out what is zero: NotStarted
  StatusCode: z
    .union([z.int().min(0).max(4), z.enum(states), z.string().regex(/^[0-4]$/)])
    .nullish()
    .transform((code) => {
      const number = Number(code ?? 0);
      return Number.isNaN(number) ? states.find((state) => state === code) : states[number];
    }),
  Results: outputs,
  Result: outputs,
  Details: z.string().nullish(),
});

/** What a job is at; `outputs` by name once it is finished, `details` say why one failed. */
export interface JobStatus {
  readonly state: JobState;
  readonly outputs: Readonly<Record<string, OutputReference>>;
  readonly details: string;
}

/**
 * Reads a job's status in every spelling that the service's own pages show: `StatusCode` as a number, as a word or left
 * out, `Results` and `Result`. Throws a `ProgramError` (exit code 3) on another answer.
 */
export function parseJobStatus(text: string): JobStatus {
  const result = statusSchema.safeParse(parseJson(text));
  if (!result.success || result.data.StatusCode === undefined) throw notTheService("a job's status");
  const { StatusCode: state, Results: several, Result: one, Details: details } = result.data;
  return { state, outputs: several ?? one ?? {}, details: details ?? "" };
}

/** Reads the answer to a submitted job: its id as a bare JSON string. */
export function parseJobId(text: string): string {
  const id = parseJson(text);
  if (typeof id !== "string" || !/^[\w-]+$/.test(id)) throw notTheService("a job's id");
  return id;
}

function notTheService(what: string): ProgramError {
  return new ProgramError(exitCodes.unavailable, `the answer is not ${what} of a Batch Execution Service`, {
    cure: "check the service's address: --endpoint or BES_ENDPOINT (https://<region>.services.azureml.net/workspaces/<w>/services/<s>)",
  });
}
