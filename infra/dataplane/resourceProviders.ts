import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "../../contract/clock.js";
import { hostNames } from "../../contract/hosts.js";
import { deployerTokenAs } from "./credential.js";
import { refusal } from "./errors.js";
import { type Http, openHttp } from "./http.js";

/** The resource providers that must be registered in a subscription before its first deployment (ARM, 2022-12-01). */
export interface ResourceProvidersArgs {
  readonly subscriptionId: string;
  /** `Microsoft.Sql`, … */
  readonly namespaces: readonly string[];
  /** The object id that azure-native signs in with. */
  readonly actingAs: string;
}

/**
 * What the program's resources need. azure-native registers the provider of each type by itself, but not those that
 * another one needs: a Synapse workspace makes a SQL server, an Azure ML workspace may make a container registry.
 */
export const neededProviders = [
  "Microsoft.ContainerRegistry",
  "Microsoft.Insights",
  "Microsoft.KeyVault",
  "Microsoft.MachineLearningServices",
  "Microsoft.OperationalInsights",
  "Microsoft.Sql",
  "Microsoft.Storage",
  "Microsoft.Synapse",
] as const;

const audience = `https://${hostNames.resourceManager}`;
const apiVersion = "api-version=2022-12-01";
/** Azure takes a minute or two for one that was never used. */
const longestRegistrationMs = 10 * 60_000;
const longestPauseMs = 10_000;

async function registered(http: Http, token: string, subscriptionId: string, namespace: string): Promise<void> {
  const url = `${audience}/subscriptions/${subscriptionId}/providers/${namespace}`;
  const headers = { authorization: `Bearer ${token}` };
  const clock = systemClock();
  const deadline = clock.now().getTime() + longestRegistrationMs;
  const doing = `registering the resource provider ${namespace}`;
  let answer = await http.send({ method: "GET", url: `${url}?${apiVersion}`, headers });
  if (answer.status < 400 && stateOf(answer.json) === "Registered") return;
  answer = await http.send({ method: "POST", url: `${url}/register?${apiVersion}`, headers });
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (answer.status >= 400) throw refusal(doing, answer);
    if (stateOf(answer.json) === "Registered") return;
    if (clock.now().getTime() > deadline) throw new Error(`${doing}: not finished after 10 minutes`);
    await clock.sleep(pauseMs);
    answer = await http.send({ method: "GET", url: `${url}?${apiVersion}`, headers });
  }
}

function stateOf(json: unknown): unknown {
  return (json as { registrationState?: unknown } | undefined)?.registrationState;
}

async function registerAll(values: ResourceProvidersArgs): Promise<void> {
  const http = openHttp();
  try {
    const token = await deployerTokenAs(http, audience, values.actingAs);
    await Promise.all(values.namespaces.map((name) => registered(http, token, values.subscriptionId, name)));
  } finally {
    await http.close();
  }
}

const provider: pulumi.dynamic.ResourceProvider<ResourceProvidersArgs, ResourceProvidersArgs> = {
  async check(_olds, news) {
    return { inputs: news };
  },
  async diff(_id, olds, news) {
    const replaces = olds.subscriptionId === news.subscriptionId ? [] : ["subscriptionId"];
    return { changes: replaces.length > 0 || olds.namespaces.join() !== news.namespaces.join(), replaces };
  },
  async create(inputs) {
    await registerAll(inputs);
    return { id: `/subscriptions/${inputs.subscriptionId}/providers`, outs: inputs };
  },
  async update(_id, _olds, news) {
    await registerAll(news);
    return { outs: news };
  },
  // other deployments of the subscription may need them: what was registered stays
  async delete() {},
};

/** Registers resource providers and waits until each is. */
export class ResourceProviders extends pulumi.dynamic.Resource {
  constructor(name: string, args: ResourceProvidersArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, namespaces: [...args.namespaces] }, options, "resources", "ResourceProviders");
  }
}
