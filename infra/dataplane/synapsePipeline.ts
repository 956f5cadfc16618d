import * as pulumi from "@pulumi/pulumi";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import { deployerToken, deployerTokenAs } from "./credential.js";
import { cureOf, type Patience, untilInEffect } from "./effect.js";
import { isHostGone, refusal } from "./errors.js";
import { openHttp } from "./http.js";
import { checked, type Difference, differenceOf } from "./inputs.js";
import { finished } from "./operation.js";
import { pipelineChanges } from "./pipelineChanges.js";
import { keepingIn, type SignIn } from "./signIn.js";

/** A pipeline published to a Synapse workspace (Synapse artifacts API, 2020-12-01). */
export interface SynapsePipelineArgs {
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: pulumi.Input<string>;
  readonly pipelineName: pulumi.Input<string>;
  readonly definition: pulumi.Input<PipelineDefinition>;
  /** The object id that azure-native signs in with. */
  readonly actingAs: pulumi.Input<string>;
  readonly patience: pulumi.Input<Patience>;
}

interface Values {
  readonly endpoint: string;
  readonly pipelineName: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly actingAs: string;
  readonly patience: Patience;
}

const audience = "https://dev.azuresynapse.net";
const apiVersion = "api-version=2020-12-01";

function urlOf(values: Values): string {
  return `${values.endpoint}/pipelines/${encodeURIComponent(values.pipelineName)}?${apiVersion}`;
}

const signIn: SignIn = {};

async function publish(values: Values): Promise<void> {
  const http = openHttp();
  try {
    const doing = `publishing pipeline ${values.pipelineName}`;
    let token = "";
    const answer = await untilInEffect(values.patience, async () => {
      token ||= await deployerTokenAs(http, signIn, audience, values.actingAs);
      return http.send({
        method: "PUT",
        url: urlOf(values),
        headers: { authorization: `Bearer ${token}` },
        body: { properties: values.definition },
      });
    });
    if (answer.status >= 400) throw refusal(doing + cureOf(answer), answer);
    await finished(http, token, doing, answer);
  } finally {
    await http.close();
  }
}

/** What the service adds to a definition by itself. */
function withoutServiceMembers(properties: Record<string, unknown>): Record<string, unknown> {
  const { lastPublishTime: _published, ...definition } = properties;
  return definition;
}

/** The difference down to the fields of the definition. */
function difference(olds: Values, news: Values): Difference {
  const { replaces } = differenceOf(olds, news, { replace: ["endpoint", "pipelineName"], update: [] });
  const changed = [...replaces, ...pipelineChanges(olds.definition, news.definition)];
  return { changes: changed.length > 0, replaces, changed, deleteBeforeReplace: false };
}

const provider: pulumi.dynamic.ResourceProvider<Values, Values> = {
  configure: keepingIn(signIn),
  async check(_olds, news) {
    return checked(news, { endpoint: "origin", pipelineName: "text", actingAs: "text" });
  },
  async diff(_id, olds, news) {
    const found = difference(olds, news);
    // the engine's own preview says no more than "definition"
    if (found.changes) console.error(`Pipeline ${news.pipelineName} changes: ${found.changed.join(", ")}`);
    return found;
  },
  async create(inputs) {
    await publish(inputs);
    return { id: `${inputs.endpoint}/pipelines/${inputs.pipelineName}`, outs: inputs };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("a pipeline cannot be imported: declare it and deploy");
    const http = openHttp();
    try {
      const token = await deployerToken(http, signIn, audience);
      const answer = await http.send({
        method: "GET",
        url: urlOf(props),
        headers: { authorization: `Bearer ${token}` },
      });
      if (answer.status === 404) return {};
      if (answer.status >= 400) throw refusal(`reading pipeline ${props.pipelineName}`, answer);
      const properties = (answer.json as { properties: Record<string, unknown> }).properties;
      const found = { ...props, definition: withoutServiceMembers(properties) };
      return { id, props: found, inputs: found };
    } catch (error) {
      if (isHostGone(error, props.endpoint)) return {};
      throw error;
    } finally {
      await http.close();
    }
  },
  async update(_id, _olds, news) {
    await publish(news);
    return { outs: news };
  },
  async delete(_id, props) {
    const http = openHttp();
    try {
      const doing = `deleting pipeline ${props.pipelineName}`;
      const token = await deployerToken(http, signIn, audience);
      const answer = await http.send({
        method: "DELETE",
        url: urlOf(props),
        headers: { authorization: `Bearer ${token}` },
      });
      if (answer.status !== 404) await finished(http, token, doing, answer);
    } catch (error) {
      // the workspace, and its host name with it, is gone
      if (!isHostGone(error, props.endpoint)) throw error;
    } finally {
      await http.close();
    }
  },
};

/** A published pipeline; unknown members of the definition are kept as they are. */
export class SynapsePipeline extends pulumi.dynamic.Resource {
  declare readonly pipelineName: pulumi.Output<string>;

  constructor(name: string, args: SynapsePipelineArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, options, "synapse", "Pipeline");
  }
}
