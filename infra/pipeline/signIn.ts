import { hostNames } from "../../contract/hosts.js";
import type { ActivityDefinition, ActivityDependency } from "../../contract/pipeline.js";
import { after, type Hidden, type Retries, setVariable, web } from "./activities.js";
import { tokenForm } from "./expressions.js";
import type { ScoringPipelinePlace, ScoringPipelineSettings } from "./settings.js";

const form = "application/x-www-form-urlencoded";
const vaultResource = "https://vault.azure.net";
const managementResource = "https://management.core.windows.net/";
/** With its slash, as the source document asks for the token; the managed identity is given the audience without it. */
const machineLearningResource = "https://ml.azure.com/";
const machineLearningAudience = "https://ml.azure.com";

/** The activities before the first call to Azure Machine Learning: none where the workspace's identity makes the calls. */
export function signIn(
  place: ScoringPipelinePlace,
  { authentication }: ScoringPipelineSettings,
  retries: Retries,
): { readonly activities: readonly ActivityDefinition[]; readonly done: readonly ActivityDependency[] } {
  if (authentication === "managedIdentity") return { activities: [], done: [] };
  return { activities: [...credentials(place, retries), ...tokens(place, retries)], done: after("Set tokenml") };
}

/**
 * What a Web activity needs to call Azure Machine Learning: a header with the application's token, which is then hidden,
 * or the workspace's own identity, with which no token is in the definition's reach.
 */
export function asInvoker(
  { authentication }: ScoringPipelineSettings,
  bearer: string,
  headers: Readonly<Record<string, string>> = {},
): { readonly headers: Readonly<Record<string, string>>; readonly identityFor?: string; readonly hidden: Hidden } {
  if (authentication === "managedIdentity") return { headers, identityFor: machineLearningAudience, hidden: "nothing" };
  return { headers: { Authorization: bearer, ...headers }, hidden: "input" };
}

/** A request for a token of Azure Machine Learning: Entra ID's v1 endpoint, the application's secret in the form. */
export function machineLearningTokenRequest(place: ScoringPipelinePlace, retries: Retries) {
  return tokenRequest(place, machineLearningResource, retries);
}

function credentials(place: ScoringPipelinePlace, retries: Retries): ActivityDefinition[] {
  const { secretVersions } = place;
  const secretUrl = (name: string, version: string | undefined) =>
    `${place.vaultUrl}/secrets/${name}${version === undefined ? "" : `/${version}`}?api-version=7.0`;
  const read = { method: "GET", identityFor: vaultResource, hidden: "both", retries } as const;
  return [
    web({ ...read, name: "clientid", url: secretUrl(place.clientIdSecret, secretVersions?.clientId) }),
    setVariable({
      variable: "clientid",
      value: "@activity('clientid').output.value",
      dependsOn: after("clientid"),
      secret: true,
    }),
    web({
      ...read,
      name: "clientsecret",
      url: secretUrl(place.clientSecretSecret, secretVersions?.clientSecret),
      dependsOn: after("Set clientid"),
    }),
    setVariable({
      variable: "clienttoken",
      value: "@activity('clientsecret').output.value",
      dependsOn: after("clientsecret"),
      secret: true,
    }),
  ];
}

function tokenRequest(place: ScoringPipelinePlace, resource: string, retries: Retries) {
  return {
    method: "POST",
    url: `https://${hostNames.login}/${place.tenantId}/oauth2/token`,
    headers: { "Content-Type": form },
    body: tokenForm(resource),
    hidden: "both",
    retries,
  } as const;
}

function tokens(place: ScoringPipelinePlace, retries: Retries): ActivityDefinition[] {
  return [
    web({
      ...tokenRequest(place, managementResource, retries),
      name: "Getbearertoken",
      dependsOn: after("Set clienttoken"),
    }),
    setVariable({
      variable: "token",
      value: "@activity('Getbearertoken').output.access_token",
      dependsOn: after("Getbearertoken"),
      secret: true,
    }),
    web({
      ...machineLearningTokenRequest(place, retries),
      name: "scoring_token",
      dependsOn: after("Set token"),
    }),
    setVariable({
      variable: "tokenml",
      value: "@activity('scoring_token').output.access_token",
      dependsOn: after("scoring_token"),
      secret: true,
    }),
  ];
}
