import { isJsonObject, type Json } from "../../../contract/json.js";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { blobOperations } from "../../../emulator/services/storage/operations.js";
import { workspace as studioClassic } from "../../../emulator/services/studioClassic/workspace.js";
import { machineLearningId, type Plane, samples } from "../../helpers/provisioned.js";
import type { Route } from "./routes.js";

/** A well-formed request to a route, less its token. */
export interface Sample {
  readonly method: string;
  readonly target: string;
  readonly content?: Json;
}

const none = "00000000-0000-4000-8000-000000000000";
const subscriptionPath = `/subscriptions/${subscription.subscriptionId}`;
const [, , , , group = ""] = machineLearningId.split("/");

/** What stands for a parameter of a pattern; what would remove something names nothing. */
const parameters: Readonly<Record<string, string>> = {
  name: "none",
  version: none.replaceAll("-", ""),
  runId: none,
  run: "none",
  id: none,
  tenant: subscription.tenantId,
  subscription: subscription.subscriptionId,
  group,
  workspace: "provisioned",
  workspaceId: studioClassic.id,
  serviceId: studioClassic.defaultEndpoint.id,
  webServiceId: studioClassic.webService.id,
  jobId: none.replaceAll("-", ""),
};

const versions: Readonly<Partial<Record<Plane, string>>> = {
  keyVault: "api-version=7.4",
  synapse: "api-version=2020-12-01",
  batchExecution: "api-version=2.0",
};

const runWindow = { lastUpdatedAfter: "2024-05-01T00:00:00Z", lastUpdatedBefore: "2024-05-02T00:00:00Z" };
const runQuery = {
  ...runWindow,
  filters: [{ operand: "PipelineName", operator: "Equals", values: ["p1"] }],
  orderBy: [{ orderBy: "RunStart", order: "DESC" }],
};
const secretBody = { value: "v", contentType: "t", tags: { a: "b" }, attributes: { enabled: true, exp: 2e9, nbf: 1 } };
const activity = { name: "Wait", type: "Wait", dependsOn: [], typeProperties: { waitTimeInSeconds: 1 } };

/** The content of every route that takes one; a route that takes one and is not here has an empty object. */
const contents: Readonly<Record<string, Json>> = {
  "keyVault PUT /secrets/:name": secretBody,
  "keyVault PATCH /secrets/:name": { tags: {}, attributes: { enabled: true } },
  "keyVault PATCH /secrets/:name/:version": { contentType: "t", attributes: { exp: 2e9 } },
  "synapse PUT /pipelines/:name": {
    properties: { activities: [activity], parameters: { p: { type: "String", defaultValue: "x" } }, variables: {} },
  },
  "synapse POST /pipelines/:name/rename": { newName: "other" },
  "synapse POST /pipelines/:name/createRun": { p: "x" },
  "synapse POST /queryPipelineRuns": runQuery,
  "synapse POST /pipelines/:name/pipelineruns/:runId/queryActivityruns": runQuery,
  "synapse PUT /roleAssignments/:id": {
    roleId: "2a385764-43e8-416c-9825-7b18d05a2c4b",
    principalId: principals.operator.objectId,
    scope: "workspaces/provisioned",
    principalType: "ServicePrincipal",
  },
  "synapse POST /checkAccessSynapseRbac": {
    subject: { principalId: principals.operator.objectId, groupIds: [] },
    actions: [{ id: "Microsoft.Synapse/workspaces/read", isDataAction: true }],
    scope: "workspaces/provisioned",
  },
  "scoring POST /jobs": {
    properties: {
      InputData: { trips: { JobInputType: "UriFile", Uri: `${machineLearningId}/data/none/versions/1` } },
      OutputData: { score: { JobOutputType: "UriFile", Uri: "azureml://datastores/workspaceblobstore/paths/o.csv" } },
      retrySettings: { maxRetries: 1, timeout: "PT30S" },
      errorThreshold: 0,
      miniBatchSize: 1,
    },
  },
  "datasets POST saveddatasets": { DatastoreName: "workspaceblobstore", RelativePath: "trips.csv" },
  "batchExecution POST /workspaces/:workspaceId/services/:serviceId/jobs": {
    Inputs: { input1: { ConnectionString: "AccountName=abc;AccountKey=Zm9v", RelativeLocation: "c/in.csv" } },
    Outputs: { output2: { BaseLocation: "https://a.example/", RelativeLocation: "c/o.csv", SasBlobToken: "?sig=x" } },
    GlobalParameters: { Label: "fare" },
  },
  "studioManagement PUT /workspaces/:workspaceId/webservices/:webServiceId/endpoints/:name": {
    Description: "d",
    ThrottleLevel: "High",
    MaxConcurrentCalls: "4",
  },
  "studioManagement PATCH /workspaces/:workspaceId/webservices/:webServiceId/endpoints/:name": {
    Resources: [
      {
        Name: studioClassic.trainedModel,
        Location: { ConnectionString: "AccountName=abc;AccountKey=Zm9v", RelativeLocation: "c/m.ilearner" },
      },
    ],
  },
  "graph POST /v1.0/directoryObjects/getByIds": { ids: [principals.operator.objectId], types: ["servicePrincipal"] },
};

const takesContent = (method: string) => ["PUT", "POST", "PATCH"].includes(method);

/** The request to a route of a service that names its routes by pattern. */
export function sampleOf({ plane, method, pattern }: Route): Sample {
  const path = pattern.replaceAll(/:(\w+)|\*/g, (_match, name: string | undefined) => {
    const value = name === undefined ? "any/thing" : parameters[name];
    if (value === undefined) throw new Error(`${plane} ${method} ${pattern}: no value for the parameter ${name}`);
    return value;
  });
  const key = pattern.includes("saveddatasets") ? "datasets POST saveddatasets" : `${plane} ${method} ${pattern}`;
  const version = versions[plane];
  return {
    method,
    target: version === undefined ? path : `${path}?${version}`,
    ...(takesContent(method) && { content: contents[key] ?? {} }),
  };
}

/** The requests to blob storage: every operation that its front door knows. */
export function blobSamples(): Sample[] {
  const paths = { account: "/", container: "/any", blob: "/any/thing" };
  return blobOperations.map(({ level, method, query }) => ({
    method,
    target: `${paths[level]}?${query}`,
    ...(method === "PUT" && { content: {} }),
  }));
}

const withVersion = (method: string, path: string, content?: Json): Sample => ({
  method,
  target: `${path}?api-version=2024-11-01`,
  ...(content !== undefined && { content }),
});

const guid = (end: number) => `${none.slice(0, -1)}${end}`;
const assignment = {
  properties: {
    roleDefinitionId: `${subscriptionPath}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
    principalId: principals.operator.objectId,
    principalType: "ServicePrincipal",
  },
};

/** The paths of Resource Manager that are no resource of a type. */
function tenantSamples(): Sample[] {
  const authorization = `${subscriptionPath}/providers/Microsoft.Authorization`;
  const settings = `${machineLearningId}/providers/Microsoft.Insights/diagnosticSettings/none`;
  const logs = [{ category: "AmlComputeJobEvent", enabled: true }];
  return [
    ...["/subscriptions", "/tenants", subscriptionPath].map((path) => withVersion("GET", path)),
    ...["locations", "resources", "resourcegroups", "providers", "providers/Microsoft.KeyVault"].map((path) =>
      withVersion("GET", `${subscriptionPath}/${path}`),
    ),
    withVersion("POST", `${subscriptionPath}/providers/Microsoft.KeyVault/register`, {}),
    withVersion("GET", `${subscriptionPath}/resourceGroups/rg/resources`),
    withVersion("PUT", `${subscriptionPath}/resourceGroups/other`, { location: "centralus", tags: { a: "b" } }),
    withVersion("PATCH", `${subscriptionPath}/resourceGroups/rg`, { tags: { a: "b" } }),
    withVersion("HEAD", `${subscriptionPath}/resourceGroups/rg`),
    withVersion("DELETE", `${subscriptionPath}/resourceGroups/none`),
    withVersion("GET", `${authorization}/roleAssignments`),
    withVersion("PUT", `${authorization}/roleAssignments/${guid(1)}`, assignment),
    withVersion("DELETE", `${authorization}/roleAssignments/${guid(2)}`),
    withVersion("GET", `${authorization}/roleDefinitions`),
    withVersion("GET", settings),
    withVersion("PUT", settings, { properties: { workspaceId: machineLearningId, logs } }),
    withVersion("DELETE", settings),
    withVersion("GET", `${subscriptionPath}/operationresults/none`),
    ...["Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.Synapse"].map((namespace) =>
      withVersion("POST", `${subscriptionPath}/providers/${namespace}/checkNameAvailability`, {
        name: "other",
        type: "Microsoft.KeyVault/vaults",
      }),
    ),
  ];
}

/** What a resource type is called in an id: `Microsoft.KeyVault/vaults/secrets`. */
function typeOf(id: string): string {
  const [namespace = "", ...rest] = (id.split("/providers/").at(-1) ?? "").split("/");
  return [namespace, ...rest.filter((_segment, index) => index % 2 === 0)].join("/");
}

/** Every request to Resource Manager: its own paths, and those of each resource type that it says it serves. */
export function armSamples(types: readonly string[]): Sample[] {
  const inTypes = types.flatMap((type) => {
    const listed = listSamples(type);
    if (listed) return listed;
    const [id, content] = sampleOfType(type);
    const parent = id.slice(0, id.lastIndexOf("/"));
    return [
      withVersion("GET", id),
      withVersion("GET", parent),
      withVersion("PUT", `${parent}/other`, content),
      withVersion("PUT", id, content),
      withVersion("PATCH", id, content),
      withVersion("DELETE", `${parent}/none`),
      withVersion("HEAD", id),
      ...["listKeys", "nonsense"].map((action) => withVersion("POST", `${id}/${action}`, {})),
    ];
  });
  return [...tenantSamples(), ...inTypes];
}

/** The requests to what a provider lists beside resources: in a region (`locations/usages`), or what was deleted. */
function listSamples(type: string): Sample[] | undefined {
  const [namespace = "", first = "", second] = type.split("/");
  const provider = `${subscriptionPath}/providers/${namespace}`;
  if (second === undefined) {
    return first.startsWith("deleted") ? [withVersion("GET", `${provider}/${first}`)] : undefined;
  }
  if (first !== "locations") return undefined;
  const list = `${provider}/locations/centralus/${second}`;
  return [
    withVersion("GET", list),
    withVersion("GET", `${list}/none`),
    withVersion("POST", `${list}/none/purge`, {}),
    withVersion("DELETE", `${list}/none`),
  ];
}

/** The sample of a type; a container of versions has that of its first version, other types must be among the samples. */
function sampleOfType(type: string): readonly [id: string, content: Json] {
  const same = (id: string, wanted: string) => typeOf(id).toLowerCase() === wanted.toLowerCase();
  const found = samples.find(([id]) => same(id, type));
  if (found) return found;
  const version = samples.find(([id]) => same(id, `${type}/versions`));
  if (version) return [version[0].split("/versions/")[0] ?? "", { properties: { description: "d", tags: {} } }];
  const parent = samples.find(([id]) => same(id, type.slice(0, type.lastIndexOf("/"))));
  if (!parent || !isJsonObject(parent[1])) throw new Error(`no sample of the resource type ${type}`);
  return [`${parent[0]}${type.slice(type.lastIndexOf("/"))}/none`, { properties: {} }];
}
