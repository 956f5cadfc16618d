import { existingOf, sameResource, workspaceOf } from "./existing.js";

/** What one setting demands of the others, on the raw values. */
interface Rule {
  readonly key: string;
  readonly isBroken: (values: Values) => boolean;
  readonly message: string;
}

type Values = Readonly<Record<string, string>>;

const createApplication = "az ad sp create-for-rbac --skip-assignment --name";
const isEmpty = (values: Values, key: string) => (values[key] ?? "") === "";
const signsInWithSecret = (values: Values) => values["authentication"] !== "managedIdentity";

const rules: readonly Rule[] = [
  {
    key: "scoringClientId",
    isBroken: (values) => signsInWithSecret(values) && isEmpty(values, "scoringClientId"),
    message: [
      "is missing: make the application that calls the batch endpoint,",
      `  ${createApplication} synapse-batch-scoring`,
      "then set its appId and password,",
      "  pulumi config set scoringClientId <appId>",
      "  pulumi config set --secret scoringClientSecret <password>",
      "or let the Synapse workspace call it as itself, which needs none:",
      "  pulumi config set authentication managedIdentity",
    ].join("\n"),
  },
  {
    key: "scoringClientSecret",
    isBroken: (values) =>
      signsInWithSecret(values) && !isEmpty(values, "scoringClientId") && isEmpty(values, "scoringClientSecret"),
    message: [
      "is missing: make a new secret of the application that calls the batch endpoint, and set it:",
      "  az ad app credential reset --id <scoringClientId>",
      "  pulumi config set --secret scoringClientSecret <password>",
    ].join("\n"),
  },
  {
    key: "triggerPrincipalId",
    isBroken: (values) => isEmpty(values, "triggerPrincipalId"),
    message: [
      "is missing: make the application that starts the pipeline,",
      `  ${createApplication} synapse-batch-trigger`,
      "then set its service principal's object id:",
      "  pulumi config set triggerPrincipalId $(az ad sp show --id <appId> --query id --output tsv)",
    ].join("\n"),
  },
  {
    key: "batchApi",
    isBroken: (values) => values["batchApi"] === "preview" && isEmpty(values, "existingBatchEndpoint"),
    message:
      "preview needs existingBatchEndpoint: endpoints that were made with an API version since 2022-05-01 take no v1 datasets, and this program can make no other",
  },
  {
    key: "existingMachineLearningWorkspace",
    isBroken(values) {
      const endpoint = existingOf(
        "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
        values["existingBatchEndpoint"] ?? "",
      );
      const workspace = values["existingMachineLearningWorkspace"] ?? "";
      return endpoint !== undefined && workspace !== "" && !sameResource(workspaceOf(endpoint).id, workspace);
    },
    message:
      "is not the workspace that existingBatchEndpoint is in: leave it empty, the endpoint's id says which it is",
  },
  {
    key: "secretVersion",
    isBroken: (values) => values["secretVersion"] === "pinned" && !signsInWithSecret(values),
    message:
      "pinned needs authentication servicePrincipal: with managedIdentity there is no secret whose version to pin",
  },
  {
    key: "synapseLocation",
    isBroken: (values) => !isEmpty(values, "synapseLocation") && !isEmpty(values, "existingSynapseWorkspace"),
    message: "must be empty with existingSynapseWorkspace, which has a region already",
  },
];

/** One message, with its key, for each rule between settings that these raw values break. */
export function brokenRules(values: Values): readonly string[] {
  return rules.filter((rule) => rule.isBroken(values)).map(({ key, message }) => `${key}: ${message}`);
}

/** What is set and has no effect with the other settings. */
export function unusedSettings(values: Values): readonly string[] {
  if (signsInWithSecret(values)) return [];
  return ["scoringClientId", "scoringClientSecret"]
    .filter((key) => !isEmpty(values, key))
    .map((key) => `${key}: is not used with authentication managedIdentity; pulumi config rm ${key}`);
}
