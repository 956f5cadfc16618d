import { z } from "zod";
import { isJsonObject, type Json } from "../../../contract/json.js";
import { notEmulated } from "../../platform/errors.js";
import { badArgument } from "./errors.js";

/** What a POST to `/jobs` asks for (Azure ML batch REST). */
export interface Invocation {
  /** `dataset`: the body of the first preview, which newer endpoints refuse. */
  readonly kind: "job" | "dataset";
  readonly input: { readonly name: string; readonly type: string; readonly uri: string };
  readonly output: { readonly name: string; readonly type: string; readonly uri: string } | undefined;
  /** What overrides the deployment's own settings. */
  readonly overrides: Readonly<Record<string, Json>>;
}

const input = z.object({ jobinputtype: z.string(), uri: z.string().optional() });
const output = z.object({ joboutputtype: z.string().default("UriFile"), uri: z.string() });
const retry = z.object({ maxretries: z.int().min(0).optional(), timeout: z.string().optional() });
const dataset = z.object({
  datainputtype: z.string(),
  datasetname: z.string().optional(),
  datasetversion: z.string().optional(),
  datasetid: z.string().optional(),
  path: z.string().optional(),
});
const body = z.object({
  properties: z.object({
    inputdata: z.record(z.string(), input).optional(),
    outputdata: z.record(z.string(), output).optional(),
    dataset: dataset.optional(),
    outputdataset: z.unknown().optional(),
    outputfilename: z.string().min(1).optional(),
    errorthreshold: z.int().min(-1).optional(),
    minibatchsize: z.int().min(1).optional(),
    retrysettings: retry.optional(),
    compute: z.unknown().optional(),
    partitionkeys: z.unknown().optional(),
  }),
});

/** Reads the body, whose keys may be in any case; refuses what the service refuses and names what is not supported. */
export function readInvocation(given: unknown, workspaceId: string): Invocation {
  const parsed = body.safeParse(lowerKeys(given));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
    throw badArgument(`The request body is not valid. ${issues.join("; ")}.`);
  }
  const { properties } = parsed.data;
  for (const member of ["compute", "partitionkeys", "outputdataset"] as const) {
    if (properties[member] != null) throw notEmulated(`'${member}' in the body of a batch job`);
  }
  const overrides = overridesOf(properties);
  if (properties.dataset) {
    return { kind: "dataset", input: datasetInput(properties.dataset, workspaceId), output: undefined, overrides };
  }
  const [one, ...others] = Object.entries(properties.inputdata ?? {});
  if (!one) throw badArgument("The job has no input: properties.InputData must name one.");
  const [target, ...otherTargets] = Object.entries(properties.outputdata ?? {});
  if (others.length > 0 || otherTargets.length > 0) {
    throw badArgument("A model deployment takes one input and one output.");
  }
  return {
    kind: "job",
    input: fileInput(one[0], one[1]),
    output: target && { name: target[0], type: target[1].joboutputtype, uri: target[1].uri },
    overrides,
  };
}

function fileInput(name: string, given: z.infer<typeof input>): Invocation["input"] {
  const type = given.jobinputtype;
  if (type.toLowerCase() !== "urifile") throw notEmulated(`a job input of type '${type}' (UriFile is)`);
  if (!given.uri) throw badArgument(`The input '${name}' has no Uri.`);
  return { name, type: "UriFile", uri: given.uri };
}

function datasetInput(given: z.infer<typeof dataset>, workspaceId: string): Invocation["input"] {
  const { datasetname: name, datasetversion: version } = given;
  const named = name && version ? `${workspaceId}/data/${name}/versions/${version}` : undefined;
  const uris = new Map([
    ["datasetversion", named],
    ["datasetid", given.datasetid],
    ["dataurl", given.path],
  ]);
  const uri = uris.get(given.datainputtype.toLowerCase());
  if (!uri) throw badArgument(`The dataset of type '${given.datainputtype}' names no data.`);
  return { name: "dataset", type: "UriFile", uri };
}

function overridesOf(properties: z.infer<typeof body>["properties"]): Record<string, Json> {
  const { outputfilename, errorthreshold, minibatchsize, retrysettings } = properties;
  return {
    ...(outputfilename !== undefined && { outputFileName: outputfilename }),
    ...(errorthreshold !== undefined && { errorThreshold: errorthreshold }),
    ...(minibatchsize !== undefined && { miniBatchSize: minibatchsize }),
    ...(retrysettings && {
      retrySettings: {
        ...(retrysettings.maxretries !== undefined && { maxRetries: retrysettings.maxretries }),
        ...(retrysettings.timeout !== undefined && { timeout: retrysettings.timeout }),
      },
    }),
  };
}

/** The callers' own names, of inputs and outputs, keep their case. */
function lowerKeys(value: unknown, keepsNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => lowerKeys(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const lower = key.toLowerCase();
      return [keepsNames ? key : lower, lowerKeys(inner, lower === "inputdata" || lower === "outputdata")];
    }),
  );
}
