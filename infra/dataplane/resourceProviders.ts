import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "../../contract/clock.js";
import { hostNames } from "../../contract/hosts.js";
import { deployerToken, deployerTokenAs } from "./credential.js";
import { refusal } from "./errors.js";
import { type Http, openHttp } from "./http.js";
import { checked, differenceOf } from "./inputs.js";
import { keepingIn, type SignIn } from "./signIn.js";

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

const signIn: SignIn = {};

async function registerAll(values: ResourceProvidersArgs): Promise<void> {
  const http = openHttp();
  try {
    const token = await deployerTokenAs(http, signIn, audience, values.actingAs);
    await Promise.all(values.namespaces.map((name) => registered(http, token, values.subscriptionId, name)));
  } finally {
    await http.close();
  }
}

/** Those that are registered: one that was taken back shows as a change. */
async function stillRegistered(values: ResourceProvidersArgs): Promise<readonly string[]> {
  const http = openHttp();
  try {
    const headers = { authorization: `Bearer ${await deployerToken(http, signIn, audience)}` };
    const states = await Promise.all(
      values.namespaces.map(async (namespace) => {
        const url = `${audience}/subscriptions/${values.subscriptionId}/providers/${namespace}?${apiVersion}`;
        const answer = await http.send({ method: "GET", url, headers });
        if (answer.status >= 400) throw refusal(`reading the resource provider ${namespace}`, answer);
        return stateOf(answer.json);
      }),
    );
    return values.namespaces.filter((_namespace, index) => states[index] === "Registered");
  } finally {
    await http.close();
  }
}

const provider: pulumi.dynamic.ResourceProvider<ResourceProvidersArgs, ResourceProvidersArgs> = {
  configure: keepingIn(signIn),
  async check(_olds, news) {
    return checked(news, { subscriptionId: "text", actingAs: "text" });
  },
  async diff(_id, olds, news) {
    return differenceOf(olds, news, { replace: ["subscriptionId"], update: ["namespaces"] });
  },
  async create(inputs) {
    await registerAll(inputs);
    return { id: `/subscriptions/${inputs.subscriptionId}/providers`, outs: inputs };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("resource providers cannot be imported: declare them and deploy");
    const found = { ...props, namespaces: await stillRegistered(props) };
    return { id, props: found, inputs: found };
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
