import * as pulumi from "@pulumi/pulumi";
import { hostNames, regionName } from "../../contract/hosts.js";
import { deployerToken } from "./credential.js";
import { refusal } from "./errors.js";
import { type Http, openHttp } from "./http.js";
import { checked, differenceOf } from "./inputs.js";
import { finished, untilGone } from "./operation.js";
import { keepingIn, type SignIn } from "./signIn.js";

/**
 * Frees a name when the stack is destroyed.
 *
 * - `machineLearningWorkspace`, `logAnalyticsWorkspace`: made after the workspace (`resourceId` is its output), so that it
 *   is removed before it: it deletes the workspace for good, and azure-native's own delete finds nothing.
 * - `vault`: the vault `dependsOn` it, so that it is removed after the vault (`resourceId` is put together from names);
 *   it purges the deleted vault. `location` is the vault's: deleted vaults are kept by region.
 *
 * `purge` says whether the name is freed: `purgeOnDestroy`, and never for a vault with purge protection. Switch it off
 * here and keep the resource in the program: to remove it from the program is to delete its workspace for good.
 */
export type PurgeOnDeleteArgs = { readonly resourceId: pulumi.Input<string>; readonly purge: boolean } & (
  | { readonly kind: "vault"; readonly location: pulumi.Input<string> }
  | { readonly kind: "machineLearningWorkspace" | "logAnalyticsWorkspace" }
);

type Values = { readonly resourceId: string; readonly purge: boolean } & (
  | { readonly kind: "vault"; readonly location: string }
  | { readonly kind: keyof typeof workspaceDeletes }
);

const audience = `https://${hostNames.resourceManager}`;

/** How each kind is deleted for good, in its own API version. */
const workspaceDeletes = {
  machineLearningWorkspace: { apiVersion: "2025-12-01", flag: "forceToPurge=true" },
  logAnalyticsWorkspace: { apiVersion: "2023-09-01", flag: "force=true" },
} as const;
const vaultApiVersion = "2024-11-01";

async function deleteForGood(http: Http, token: string, id: string, kind: keyof typeof workspaceDeletes) {
  const { apiVersion, flag } = workspaceDeletes[kind];
  const url = `${audience}${id}?api-version=${apiVersion}`;
  const doing = `deleting ${id} for good`;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await http.send({ method: "DELETE", url: `${url}&${flag}`, headers });
  if (answer.status === 404) return;
  await finished(http, token, doing, answer);
  await untilGone(http, token, doing, url);
}

async function purgeVault(http: Http, token: string, id: string, location: string): Promise<void> {
  const [, , subscriptionId] = id.split("/");
  const name = id.split("/").at(-1);
  const place = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${regionName(location)}/deletedVaults/${name}`;
  const version = `api-version=${vaultApiVersion}`;
  const doing = `purging the deleted vault ${name}`;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await http.send({ method: "POST", url: `${audience}${place}/purge?${version}`, headers });
  // 404: never made, or purged already
  if (answer.status === 404) return;
  if (answer.status >= 400) throw refusal(`${doing} (set purgeOnDestroy to false to leave it to Azure)`, answer);
  // the answer's own operation ends with 404 or with success, by API version: the deleted vault is what counts
  await untilGone(http, token, doing, `${audience}${place}?${version}`);
}

const signIn: SignIn = {};

const provider: pulumi.dynamic.ResourceProvider<Values, Values> = {
  configure: keepingIn(signIn),
  async check(_olds, news) {
    return checked(news, { resourceId: "armId" });
  },
  // of a workspace nothing but its id: a replacement deletes what is there
  async diff(_id, olds, news) {
    return differenceOf(olds, news, { replace: ["resourceId"], update: ["location", "purge"] });
  },
  async create(inputs) {
    return { id: `${inputs.resourceId}/purge`, outs: inputs };
  },
  // an intention: nothing on Azure that could have changed
  async read(id, props) {
    return props === undefined ? { id } : { id, props };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    if (!props.purge) return;
    const http = openHttp();
    try {
      const token = await deployerToken(http, signIn, audience);
      if (props.kind === "vault") await purgeVault(http, token, props.resourceId, props.location);
      else await deleteForGood(http, token, props.resourceId, props.kind);
    } finally {
      await http.close();
    }
  },
};

/** Frees the name of a resource that Azure would keep after its delete. */
export class PurgeOnDelete extends pulumi.dynamic.Resource {
  constructor(name: string, args: PurgeOnDeleteArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, options, "resources", "PurgeOnDelete");
  }
}
