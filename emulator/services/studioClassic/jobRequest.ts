import { z } from "zod";
import { retrainingOutputs, retrainingParameters, type TrainingTask } from "../../../contract/retraining.js";
import { type BlobReference, blobReference, blobReferenceBody } from "./blobReference.js";
import { badArgument } from "./errors.js";

/** The versions of the API; the first has one `Input` and one `Result`. */
export const apiVersions = ["1.0", "2.0"] as const;
export type ApiVersion = (typeof apiVersions)[number];

export type OutputName = keyof typeof retrainingOutputs;

/** What a job was asked for. Secret: it holds its caller's keys and signatures. */
export interface JobRequest {
  /** Empty where an input is given; it is also empty in the document's own sample, whose job then fails. */
  readonly dataSource: string;
  readonly input: BlobReference | undefined;
  readonly label: string | undefined;
  readonly task: TrainingTask | undefined;
  /** Where what goes; an output without a place of its own is not made, but for the results when nothing else is. */
  readonly outputs: Readonly<Partial<Record<OutputName, BlobReference>>>;
}

const blobs = z.record(z.string(), blobReferenceBody.nullable()).nullish();
const submission = z.object({
  Input: blobReferenceBody.nullish(),
  Inputs: blobs,
  Output: blobReferenceBody.nullish(),
  Outputs: blobs,
  GlobalParameters: z.record(z.string(), z.string().nullable()).nullish(),
});

type Submission = z.infer<typeof submission>;

/** The web service's one input. */
export const inputName = "input1";
/** What a request of the first version writes, and what a request that names no output makes. */
export const mainOutput = "output2";

/** Reads the body of a submission as the service does; throws its 400s. */
export function jobRequest(body: unknown): JobRequest {
  const read = submission.safeParse(body);
  if (!read.success) throw badArgument.body();
  const input = inputOf(read.data);
  const parameters = parametersOf(read.data);
  const dataSource = parameters.dataSource?.trim();
  if (dataSource === undefined && !input) throw badArgument.missingParameters();
  if (dataSource && input) {
    throw badArgument.parameter(`'${retrainingParameters.dataSource}' must be empty where an input is given.`);
  }
  return {
    dataSource: requireAddress(dataSource ?? ""),
    input,
    label: parameters.label || undefined,
    task: taskOf(parameters.task),
    outputs: outputsOf(read.data),
  };
}

function inputOf({ Input, Inputs }: Submission): BlobReference | undefined {
  const named = Object.entries(Inputs ?? {});
  if (Input && named.length > 0) throw badArgument.twoInputs();
  const unknown = named.map(([name]) => name).filter((name) => name !== inputName);
  if (unknown.length > 0) throw badArgument.inputNames(unknown.join(", "));
  const body = Input ?? Inputs?.[inputName];
  if (!body) {
    if (named.length > 0) throw badArgument.inputBlob();
    return undefined;
  }
  if (!body.ConnectionString && !body.BaseLocation) throw badArgument.inputBlob();
  return withExtension(inputName, blobReference(inputName, body), retrainingOutputs.output2);
}

function outputsOf({ Output, Outputs }: Submission): JobRequest["outputs"] {
  const given = Object.entries({ ...(Output && { [mainOutput]: Output }), ...Outputs });
  return Object.fromEntries(
    given.map(([name, body]) => {
      if (!isOutput(name)) throw badArgument.outputName(name);
      if (!body?.RelativeLocation) throw badArgument.outputBlob(name);
      return [name, withExtension(name, blobReference(name, body), retrainingOutputs[name])];
    }),
  );
}

const isOutput = (name: string): name is OutputName => Object.hasOwn(retrainingOutputs, name);

function withExtension(name: string, blob: BlobReference, extension: string): BlobReference {
  if (!blob.relativeLocation.toLowerCase().endsWith(extension)) throw badArgument.extension(name, extension);
  return blob;
}

function parametersOf({ GlobalParameters }: Submission): Partial<Record<keyof typeof retrainingParameters, string>> {
  const known = new Map(Object.entries(retrainingParameters).map(([key, name]) => [name as string, key]));
  return Object.fromEntries(
    Object.entries(GlobalParameters ?? {}).map(([name, value]) => {
      const key = known.get(name);
      if (key === undefined) throw badArgument.unexpectedParameter();
      return [key, value ?? ""];
    }),
  );
}

function requireAddress(dataSource: string): string {
  if (dataSource === "" || (/^https?:\/\//i.test(dataSource) && URL.canParse(dataSource))) return dataSource;
  throw badArgument.parameter(
    `'${retrainingParameters.dataSource}' must be an address that begins with http or https.`,
  );
}

function taskOf(given: string | undefined): TrainingTask | undefined {
  if (given === undefined || given === "") return undefined;
  const task = given.toLowerCase();
  if (task === "regression" || task === "classification") return task;
  throw badArgument.parameter(`'${retrainingParameters.task}' must be regression or classification, not '${given}'.`);
}
