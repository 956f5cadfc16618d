const prefix = "Microsoft.Synapse/workspaces/";

/** What below a workspace a role may be assigned on; `workspace` is the workspace itself. */
export type ScopeKind =
  | "workspace"
  | "bigDataPools"
  | "scopePools"
  | "integrationRuntimes"
  | "linkedServices"
  | "credentials";

/** A built-in role of Synapse RBAC with its data actions (2020-12-01, GET /roleDefinitions). */
export interface BuiltInRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly dataActions: readonly string[];
  readonly scopeKinds: readonly ScopeKind[];
}

const written = (...artifacts: readonly string[]) => artifacts.flatMap((name) => [`${name}/write`, `${name}/delete`]);

const codeArtifacts = written(
  "notebooks",
  "sparkJobDefinitions",
  "sqlScripts",
  "dataFlows",
  "pipelines",
  "triggers",
  "datasets",
  "linkedServices",
  "credentials",
  "libraries",
  "kqlScripts",
  "sparkConfigurations",
);
const outputs = ["notebooks/viewOutputs/action", "pipelines/viewOutputs/action"];
const sparkLogs = ["bigDataPools/viewLogs/action", "scopePools/viewLogs/action"];
const compute = [
  "bigDataPools/useCompute/action",
  "scopePools/useCompute/action",
  "integrationRuntimes/useCompute/action",
  ...sparkLogs,
  "integrationRuntimes/viewLogs/action",
  "cancelPipelineRun/action",
  "linkConnections/read",
  "linkConnections/useCompute/action",
];
const secrets = ["linkedServices/useSecret/action", "credentials/useSecret/action"];
const privateEndpoints = written("managedPrivateEndpoints");
const contributor = ["artifacts/read", ...compute, ...codeArtifacts, ...outputs, ...written("linkConnections")];

const computeScopes: readonly ScopeKind[] = ["workspace", "bigDataPools", "scopePools", "integrationRuntimes"];
const allScopes: readonly ScopeKind[] = [...computeScopes, "linkedServices", "credentials"];

/** The eleven built-in roles; every one of them lets its holder see the workspace. */
export const builtInRoles: readonly BuiltInRole[] = [
  role("6e4bf58a-b8e1-4cc3-bbf9-d73143322b78", "Synapse Administrator", allScopes, {
    description: "Everything in the workspace: artifacts, compute, use of credentials, and granting access.",
    actions: [...written("roleAssignments", "scopeJobDefinitions"), ...privateEndpoints, ...contributor, ...secrets],
  }),
  role("c3a6d2f1-a26f-4810-9b0f-591308d5cbf1", "Apache Spark Administrator", ["workspace"], {
    description: "Spark pools and published Spark artifacts; reads the other artifacts, runs no pipelines.",
    actions: [
      "artifacts/read",
      "bigDataPools/useCompute/action",
      "bigDataPools/viewLogs/action",
      ...written("notebooks", "sparkJobDefinitions", "linkedServices", "credentials", "libraries"),
      "notebooks/viewOutputs/action",
    ],
  }),
  role("7af0c69a-a548-47d6-aea3-d00e69bd83aa", "Synapse SQL Administrator", ["workspace"], {
    description: "Serverless SQL pools and published SQL scripts; reads the other artifacts, runs no pipelines.",
    actions: ["artifacts/read", ...written("sqlScripts", "linkedServices", "credentials")],
  }),
  role("7572bffe-f453-4b66-912a-46cc5ef38fda", "Synapse Contributor", computeScopes, {
    description: "Compute and published artifacts with their outputs; no use of credentials, hence no pipeline runs.",
    actions: contributor,
  }),
  role("05930f57-09a3-4c0d-9fa9-6d1eb91c178b", "Synapse Artifact Publisher", ["workspace"], {
    description: "Publishes and deletes artifacts and sees their outputs; runs nothing.",
    actions: ["artifacts/read", ...codeArtifacts, ...written("scopeJobDefinitions"), ...outputs],
  }),
  role("53faaa0e-40b6-40c8-a2ff-e38f2d388875", "Synapse Artifact User", ["workspace"], {
    description: "Reads published artifacts and their outputs; publishes and runs nothing.",
    actions: ["artifacts/read", ...outputs],
  }),
  role("e3844cc7-4670-42cb-9349-9bdac1ee7881", "Synapse Compute Operator", computeScopes, {
    description: "Submits Spark jobs, views logs, cancels jobs and pipeline runs.",
    actions: compute,
  }),
  role("8f9b2195-5b12-4a7c-af30-8f1f46197650", "Synapse Monitoring Operator", ["workspace"], {
    description: "Reads published artifacts, logs and outputs.",
    actions: ["artifacts/read", ...sparkLogs, "integrationRuntimes/viewLogs/action", ...outputs],
  }),
  role(
    "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
    "Synapse Credential User",
    ["workspace", "linkedServices", "credentials"],
    {
      description: "Uses the secrets of credentials and linked services, which starting a pipeline run needs.",
      actions: secrets,
    },
  ),
  role("dd665582-e433-40ca-b183-1b1b33e73375", "Synapse Linked Data Manager", ["workspace"], {
    description: "Manages private endpoints, linked services and credentials.",
    actions: [...privateEndpoints, ...written("linkedServices", "credentials")],
  }),
  role("2a385764-43e8-416c-9825-7b18d05a2c4b", "Synapse User", allScopes, {
    description: "Sees the workspace, its pools and runtimes; reads and runs no artifacts.",
    actions: [],
  }),
];

/** Synapse Administrator: what the workspace's creator and its own identity get. */
export const administratorRoleId = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";

/** The role with this id, in any case. */
export function builtInRole(id: string): BuiltInRole | undefined {
  return builtInRoles.find((candidate) => candidate.id === id.toLowerCase());
}

function role(
  id: string,
  name: string,
  scopeKinds: readonly ScopeKind[],
  what: { readonly description: string; readonly actions: readonly string[] },
): BuiltInRole {
  const dataActions = [...new Set(["read", ...what.actions])].map((action) => prefix + action);
  return { id, name, description: what.description, dataActions, scopeKinds };
}
