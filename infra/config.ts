import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { suffixPattern } from "./names.js";

const guid = z.guid("must be a GUID");
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`);
const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `must be one of ${values.join(", ")}`);
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
const address = z
  .string()
  .regex(
    /^(\d{1,3}\.){3}\d{1,3}(-(\d{1,3}\.){3}\d{1,3})?$/,
    "must be an IPv4 address, or two with a hyphen between them",
  );

const createApplication = "az ad sp create-for-rbac --skip-assignment --name";
const missingScoringApplication = [
  "is missing: make the application that calls the batch endpoint,",
  `  ${createApplication} synapse-batch-scoring`,
  "then set its appId and password:",
  "  pulumi config set scoringClientId <appId>",
  "  pulumi config set --secret scoringClientSecret <password>",
].join("\n");
const missingTrigger = [
  "is missing: make the application that starts the pipeline,",
  `  ${createApplication} synapse-batch-trigger`,
  "then set its service principal's object id:",
  "  pulumi config set triggerPrincipalId $(az ad sp show --id <appId> --query id --output tsv)",
].join("\n");

const schema = z.strictObject({
  resourceGroupName: optionalText(/^[-\w.()]{0,89}[-\w()]$/, "is not a resource group's name"),
  nameSuffix: optionalText(suffixPattern, "must be 3 to 10 lower-case letters or digits"),
  scoringClientId: z.string().min(1, missingScoringApplication).pipe(guid),
  scoringClientSecret: z.string(missingScoringApplication).min(1, missingScoringApplication),
  triggerPrincipalId: z.string().min(1, missingTrigger).pipe(guid),
  deployerPrincipalType: z.enum(["", "User", "ServicePrincipal"], "must be User or ServicePrincipal"),
  operators: people,
  synapseAdministrators: people,
  allowedIpAddresses: parsedJson.pipe(z.array(address, "must be a list of addresses")),
  inputFile: text,
  modelPath: text,
  synapseLocation: z.string(),
  vmSize: text,
  environmentImage: text,
  purgeProtection: oneOf("true", "false").transform((value) => value === "true"),
  softDeleteRetentionInDays: wholeNumber(7, 90),
  registerDataset: oneOf("attempt", "required", "skip"),
  pollSeconds: wholeNumber(1, 3_600),
  propagationRetries: wholeNumber(0, 60),
  statusRetries: wholeNumber(0, 60),
  jobTimeout: z.string().regex(/^\d{1,2}\.([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, "must be a time as d.hh:mm:ss"),
  effectTimeoutSeconds: wholeNumber(0, 3_600),
  principalTimeoutSeconds: wholeNumber(0, 3_600),
});

/** The stack configuration, checked; `scoringClientSecret` is plain text here and must only travel as a Pulumi secret. */
export type Configuration = z.infer<typeof schema>;

/** Checks raw configuration values (keys without the project's name); the result is the configuration or every mistake. */
export function parseConfiguration(
  values: Readonly<Record<string, string>>,
): { readonly configuration: Configuration } | { readonly mistakes: readonly string[] } {
  const result = schema.safeParse(values);
  if (result.success) return { configuration: result.data };
  return { mistakes: result.error.issues.flatMap(messagesOf) };
}

/** The stack's configuration; throws a `RunError` with one line per mistake. */
export function readConfiguration(): Configuration {
  const prefix = `${pulumi.getProject()}:`;
  const values = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  const parsed = parseConfiguration(Object.fromEntries(values));
  if ("configuration" in parsed) return parsed.configuration;
  throw new pulumi.RunError(`The configuration of stack ${pulumi.getStack()} is wrong:\n${parsed.mistakes.join("\n")}`);
}

/** What the deployer is; where the configuration does not say it, an application if azure-native signs in as one. */
export function deployerType(configuration: Configuration): "User" | "ServicePrincipal" {
  if (configuration.deployerPrincipalType !== "") return configuration.deployerPrincipalType;
  const clientId = new pulumi.Config("azure-native").get("clientId") || process.env["ARM_CLIENT_ID"];
  return clientId ? "ServicePrincipal" : "User";
}

/** The region of every resource: the provider's own setting. */
export function readLocation(): string {
  return new pulumi.Config("azure-native").require("location");
}

function messagesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: is not a setting of this project`);
  const [key, ...inside] = issue.path;
  const place = inside.length === 0 ? String(key) : `${String(key)}[${inside.join(".")}]`;
  const missing = issue.code === "invalid_type" && issue.message.startsWith("Invalid input");
  return [`${place}: ${missing ? "is missing" : issue.message}`];
}
