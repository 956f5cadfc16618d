import * as pulumi from "@pulumi/pulumi";
import { type BatchEndpointResource, withDefault } from "../../contract/batchEndpoint.js";
import { hostNames } from "../../contract/hosts.js";
import { deployerToken, deployerTokenAs } from "./credential.js";
import { refusal } from "./errors.js";
import { type Http, openHttp } from "./http.js";
import { checked, differenceOf } from "./inputs.js";
import { finished } from "./operation.js";
import { keepingIn, type SignIn } from "./signIn.js";

/**
 * Which deployment of a batch endpoint answers when the caller names none (ARM, 2025-12-01). `deploymentName` decides: it
 * may be one that the program did not make.
 */
export interface BatchEndpointDefaultArgs {
  /** The endpoint's ARM id. */
  readonly endpointId: pulumi.Input<string>;
  readonly deploymentName: pulumi.Input<string>;
  /** What the endpoint was declared with: azure-native's PUT of a change there drops the default, which is then set again. */
  readonly declared: pulumi.Input<unknown>;
  /** The object id that azure-native signs in with. */
  readonly actingAs: pulumi.Input<string>;
}

interface Values {
  readonly endpointId: string;
  readonly deploymentName: string;
  readonly declared: unknown;
  readonly actingAs: string;
}

const audience = `https://${hostNames.resourceManager}`;
const apiVersion = "api-version=2025-12-01";

function urlOf(values: Values): string {
  return `${audience}${values.endpointId}?${apiVersion}`;
}

async function withEndpoint<T>(
  values: Values,
  tokenOf: (http: Http) => Promise<string>,
  work: (http: Http, token: string, endpoint: BatchEndpointResource | undefined) => Promise<T>,
): Promise<T> {
  const http = openHttp();
  try {
    const token = await tokenOf(http);
    const answer = await http.send({
      method: "GET",
      url: urlOf(values),
      headers: { authorization: `Bearer ${token}` },
    });
    if (answer.status >= 400 && answer.status !== 404) throw refusal("reading the batch endpoint", answer);
    return await work(http, token, answer.status === 404 ? undefined : (answer.json as BatchEndpointResource));
  } finally {
    await http.close();
  }
}

async function put(
  http: Http,
  token: string,
  values: Values,
  endpoint: BatchEndpointResource,
  name?: string,
): Promise<void> {
  const doing = `setting the default deployment to ${name ?? "none"}`;
  const headers = { authorization: `Bearer ${token}` };
  const body = withDefault(endpoint, name);
  await finished(http, token, doing, await http.send({ method: "PUT", url: urlOf(values), headers, body }));
}

const signIn: SignIn = {};

async function setDefault(values: Values): Promise<void> {
  const tokenOf = (http: Http) => deployerTokenAs(http, signIn, audience, values.actingAs);
  await withEndpoint(values, tokenOf, async (http, token, endpoint) => {
    if (endpoint === undefined) throw new Error(`the batch endpoint ${values.endpointId} does not exist`);
    await put(http, token, values, endpoint, values.deploymentName);
  });
}

const anyDeployer = (http: Http) => deployerToken(http, signIn, audience);

const provider: pulumi.dynamic.ResourceProvider<Values, Values> = {
  configure: keepingIn(signIn),
  async check(_olds, news) {
    return checked(news, { endpointId: "armId", deploymentName: "text", actingAs: "text" });
  },
  async diff(_id, olds, news) {
    return differenceOf(olds, news, { replace: ["endpointId"], update: ["deploymentName", "declared"] });
  },
  async create(inputs) {
    await setDefault(inputs);
    return { id: `${inputs.endpointId}/defaults`, outs: inputs };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("an endpoint's default cannot be imported: declare it and deploy");
    return withEndpoint(props, anyDeployer, async (_http, _token, endpoint) => {
      const deploymentName = endpoint?.properties.defaults?.deploymentName;
      if (!deploymentName) return {};
      const found = { ...props, deploymentName };
      return { id, props: found, inputs: found };
    });
  },
  async update(_id, _olds, news) {
    await setDefault(news);
    return { outs: news };
  },
  async delete(_id, props) {
    await withEndpoint(props, anyDeployer, async (http, token, endpoint) => {
      // a default that was chosen since then is not this resource's to take away
      const present = endpoint?.properties.defaults?.deploymentName;
      if (endpoint !== undefined && present === props.deploymentName) await put(http, token, props, endpoint);
    });
  },
};

/** The default deployment of a batch endpoint. */
export class BatchEndpointDefault extends pulumi.dynamic.Resource {
  declare readonly deploymentName: pulumi.Output<string>;

  constructor(name: string, args: BatchEndpointDefaultArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, options, "machinelearning", "BatchEndpointDefault");
  }
}
