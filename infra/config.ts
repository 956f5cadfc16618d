import { statSync } from "node:fs";
import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { brokenRules, unusedSettings } from "./configRules.js";
import { filesAt, isModelFile, projectPath } from "./content.js";
import { methodOf, readSignIn } from "./dataplane/signIn.js";
import { type Existing, existingOf, workspaceOf } from "./existing.js";
import { suffixPattern } from "./names.js";

const guid = z.guid("must be a GUID");
const optionalGuid = z.union([z.literal(""), guid], "must be a GUID");
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`);
const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `must be one of ${values.join(", ")}`);
const yesOrNo = oneOf("true", "false").transform((value) => value === "true");
const text = z.string().trim().min(1, "must not be empty");
const optionalText = (pattern: RegExp, rule: string) => z.string().regex(new RegExp(`^$|${pattern.source}`), rule);

const parsedJson = z.string().transform((value, context): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({ code: "custom", message: "must be a list" });
    return z.NEVER;
  }
});
const people = parsedJson.pipe(
  z.array(
    z.strictObject({ objectId: guid, principalType: oneOf("User", "Group", "ServicePrincipal") }),
    "must be a list of {objectId, principalType}",
  ),
);

const addressRule = "must be an IPv4 address, or two with a hyphen between them, the lower one first";
const numberOf = (address: string) => address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
const address = z.string(addressRule).refine((range) => {
  const ends = range.split("-");
  const [first = "", last = first] = ends;
  return ends.length <= 2 && isIPv4(first) && isIPv4(last) && numberOf(first) <= numberOf(last);
}, addressRule);

/** A place in the project's folder that must hold what is uploaded; becomes an absolute path. */
const content = (mistakeOf: (place: string) => string | undefined) =>
  text.transform((value, context) => {
    const place = projectPath(value);
    const mistake = place === undefined ? "there is no file" : mistakeOf(place);
    if (place !== undefined && mistake === undefined) return place;
    context.addIssue({ code: "custom", message: `${mistake} ${value}` });
    return z.NEVER;
  });
const file = content((place) => (statSync(place).isFile() ? undefined : "must be a file, not the folder"));
const fileOrFolder = content((place) =>
  filesAt(place, isModelFile).length > 0 ? undefined : "nothing to upload is in",
);

/** The ARM id of a resource that is read instead of made; empty for none. */
const existing = (type: string) =>
  z.string().transform((value, context): Existing | undefined => {
    if (value === "") return undefined;
    const found = existingOf(type, value.replace(/\/$/, ""));
    if (found === undefined) {
      const example = `/subscriptions/<id>/resourceGroups/<group>/providers/${type.replaceAll(/\/(\w+)/g, "/$1/<name>")}`;
      context.addIssue({ code: "custom", message: `must be an ARM id like ${example}` });
    }
    return found;
  });

/** What Azure takes as the name of a batch deployment. */
const deploymentName = /^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/;

/** Without a query and without a user: what is an output must hold no key. */
const besAddress = /^https?:\/\/[\w.-]+(:\d+)?\/workspaces\/[\w-]+\/services\/[\w-]+$/;

const schema = z.strictObject({
  resourceGroupName: optionalText(/^[-\w.()]{0,89}[-\w()]$/, "is not a resource group's name"),
  nameSuffix: optionalText(suffixPattern, "must be 3 to 10 lower-case letters or digits"),
  authentication: oneOf("servicePrincipal", "managedIdentity"),
  scoringClientId: optionalGuid,
  scoringClientSecret: z.string(),
  triggerPrincipalId: optionalGuid,
  deployerPrincipalType: z.enum(["", "User", "ServicePrincipal"], "must be User or ServicePrincipal"),
  operators: people,
  synapseAdministrators: people,
  allowedIpAddresses: parsedJson.pipe(z.array(address, "must be a list of addresses")),
  inputFile: file,
  modelPath: fileOrFolder,
  synapseLocation: z.string().trim(),
  vmSize: text,
  environmentImage: text,
  purgeProtection: yesOrNo,
  softDeleteRetentionInDays: wholeNumber(7, 90),
  purgeOnDestroy: yesOrNo,
  existingScoringVault: existing("Microsoft.KeyVault/vaults"),
  existingMachineLearningWorkspace: existing("Microsoft.MachineLearningServices/workspaces"),
  existingBatchEndpoint: existing("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
  existingSynapseWorkspace: existing("Microsoft.Synapse/workspaces"),
  defaultDeployment: z.string().regex(deploymentName, "must be program, or the name of a batch deployment"),
  batchApi: oneOf("ga", "preview"),
  secretVersion: oneOf("latest", "pinned"),
  registerDataset: oneOf("attempt", "required", "skip"),
  pollSeconds: wholeNumber(1, 3_600),
  propagationRetries: wholeNumber(0, 60),
  statusRetries: wholeNumber(0, 60),
  jobTimeout: z.string().regex(/^\d{1,2}\.([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, "must be a time as d.hh:mm:ss"),
  effectTimeoutSeconds: wholeNumber(0, 3_600),
  principalTimeoutSeconds: wholeNumber(0, 3_600),
  besEndpoint: optionalText(
    besAddress,
    "must be like https://<region>.services.azureml.net/workspaces/<w>/services/<s>",
  ),
});

/** The stack configuration, checked; `scoringClientSecret` is plain text here and must only travel as a Pulumi secret. */
export type Configuration = z.infer<typeof schema> & {
  /** The region of every resource: the azure-native provider's own setting. */
  readonly location: string;
};

/** The setting that is not this project's own but the provider's. */
const locationKey = "azure-native:location";

/**
 * Checks raw configuration values (keys without the project's name, and `azure-native:location`); the result is the
 * configuration or every mistake, one message each with its key.
 */
export function parseConfiguration(
  values: Readonly<Record<string, string>>,
): { readonly configuration: Configuration } | { readonly mistakes: readonly string[] } {
  const { [locationKey]: location = "", ...own } = values;
  const result = schema.safeParse(own);
  const mistakes = [
    ...(location.trim() === "" ? [`${locationKey}: is missing: pulumi config set ${locationKey} centralus`] : []),
    ...(result.success ? [] : result.error.issues.flatMap(messagesOf)),
    ...brokenRules(own),
  ];
  if (mistakes.length > 0 || !result.success) return { mistakes };
  const { existingBatchEndpoint: endpoint, existingMachineLearningWorkspace: workspace } = result.data;
  return {
    configuration: {
      ...result.data,
      existingMachineLearningWorkspace: workspace ?? (endpoint && workspaceOf(endpoint)),
      location,
    },
  };
}

/** The stack's configuration; throws a `RunError` with one message per mistake. */
export function readConfiguration(): Configuration {
  const prefix = `${pulumi.getProject()}:`;
  const values = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig()).flatMap(([key, value]) => {
      if (key === locationKey) return [[key, value]];
      return key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [];
    }),
  );
  const parsed = parseConfiguration(values);
  if ("configuration" in parsed) {
    for (const note of unusedSettings(values)) console.error(note);
    return parsed.configuration;
  }
  throw new pulumi.RunError(`The configuration of stack ${pulumi.getStack()} is wrong:\n${parsed.mistakes.join("\n")}`);
}

/** What the deployer is; where the configuration does not say it, an application unless azure-native's sign-in is open. */
export function deployerType(configuration: Configuration): "User" | "ServicePrincipal" {
  if (configuration.deployerPrincipalType !== "") return configuration.deployerPrincipalType;
  return methodOf(readSignIn((key) => pulumi.runtime.getConfig(key))).kind === "default" ? "User" : "ServicePrincipal";
}

function messagesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: is not a setting of this project`);
  const [key, ...inside] = issue.path;
  const place = inside.length === 0 ? String(key) : `${String(key)}[${inside.join(".")}]`;
  const missing = issue.code === "invalid_type" && issue.message.startsWith("Invalid input");
  return [`${place}: ${missing ? "is missing" : issue.message}`];
}
