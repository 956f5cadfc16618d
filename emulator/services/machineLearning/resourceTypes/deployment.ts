import { Duration } from "luxon";
import { z } from "zod";
import { notEmulated } from "../../../platform/errors.js";
import { objectAt, textAt } from "../../../platform/json.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import type { Context } from "../context.js";
import { badArgument, notFound } from "../errors.js";
import { sameId, types, workspaceIdOf } from "../names.js";
import { checkRegion } from "./region.js";

const duration = z
  .string()
  .refine(
    (text) => Duration.fromISO(text).isValid && Duration.fromISO(text).toMillis() > 0,
    "not an ISO 8601 duration",
  );

/** The settings of a model deployment, with what the service takes for an absent one. */
export const deploymentSettings = z.object({
  errorThreshold: z.int().min(-1).default(-1),
  retrySettings: z
    .object({ maxRetries: z.int().min(0).default(3), timeout: duration.default("PT30S") })
    .default({ maxRetries: 3, timeout: "PT30S" }),
  miniBatchSize: z.int().min(1).default(10),
  maxConcurrencyPerInstance: z.int().min(1).default(1),
  loggingLevel: z.enum(["Info", "Warning", "Debug"]).default("Info"),
  outputAction: z.enum(["AppendRow", "SummaryOnly"]).default("AppendRow"),
  outputFileName: z.string().min(1).default("predictions.csv"),
  resources: z
    .object({ instanceCount: z.int().min(1).default(1) })
    .catchall(z.json())
    .default({ instanceCount: 1 }),
  environmentVariables: z.record(z.string(), z.string()).default({}),
});

export type DeploymentSettings = z.infer<typeof deploymentSettings>;

const references = z.object({
  compute: z.string(),
  environmentId: z.string(),
  model: z.object({ referenceType: z.string(), assetId: z.string().optional() }),
  codeConfiguration: z.object({ codeId: z.string(), scoringScript: z.string().min(1) }),
});

/** Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments: model deployments with code of their own. */
export function deploymentResource({ platform }: Context): ResourceType {
  return {
    type: types.deployment,
    putStyle: "asyncOperationAndLocation",
    tracked: true,
    patchable: false,
    prepare(request) {
      if (!/^[a-zA-Z][-a-zA-Z0-9]{1,30}[a-zA-Z0-9]$/.test(request.name)) {
        const rule = "3 to 32 letters, digits and hyphens, a letter first";
        throw badArgument(`The deployment name '${request.name}' is not valid: ${rule}.`);
      }
      checkRegion(request);
      const given = withoutNulls(objectAt(request.body, "properties"));
      const kind = textAt(objectAt(given, "deploymentConfiguration"), "deploymentConfigurationType");
      if (kind !== undefined && kind !== "Model") throw notEmulated(`a batch deployment of type '${kind}'`);
      if (given["partitionKeys"] !== undefined) throw notEmulated("partitionKeys of a batch deployment");
      const named = parse(references, given);
      const settings = parse(deploymentSettings, given);
      const { referenceType, assetId } = named.model;
      if (referenceType !== "Id") throw notEmulated(`a model reference of type '${referenceType}'`);
      exists(request, named.compute, types.compute, "compute");
      exists(request, assetId ?? "", `${types.model}/versions`, "model");
      exists(request, named.environmentId, `${types.environment}/versions`, "environment");
      exists(request, named.codeConfiguration.codeId, `${types.code}/versions`, "code");
      return {
        properties: {
          description: given["description"] ?? null,
          properties: objectAt(given, "properties"),
          ...named,
          model: { referenceType, assetId: assetId ?? "" },
          ...settings,
          provisioningState: "Succeeded",
        },
      };
    },
  };

  function exists({ id }: PutRequest, wanted: string, type: string, what: string): void {
    const found = platform.resources.get(wanted.replace(/^azureml:(?=\/)/i, ""));
    const inWorkspace = found && sameId(workspaceIdOf(found.id) ?? "", workspaceIdOf(id) ?? "");
    if (!found || !inWorkspace || found.type.toLowerCase() !== type.toLowerCase()) {
      throw notFound(`There is no ${what} '${wanted}' in the workspace of the deployment.`);
    }
  }
}

function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw badArgument(`The deployment's properties are not valid. ${issues.join("; ")}.`);
}

/** Clients send null for what they leave to the service. */
function withoutNulls<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)) as T;
}
