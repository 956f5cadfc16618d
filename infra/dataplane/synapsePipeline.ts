import util from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import { deployerToken, deployerTokenAs } from "./credential.js";
import { cureOf, type Patience, untilInEffect } from "./effect.js";
import { isHostGone, refusal } from "./errors.js";
import { openHttp } from "./http.js";
import { finished } from "./operation.js";

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

async function publish(values: Values): Promise<void> {
  const http = openHttp();
  try {
    const doing = `publishing pipeline ${values.pipelineName}`;
    let token = "";
    const answer = await untilInEffect(values.patience, async () => {
      token ||= await deployerTokenAs(http, audience, values.actingAs);
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

const provider: pulumi.dynamic.ResourceProvider<Values, Values> = {
  async check(_olds, news) {
    return { inputs: news };
  },
  async diff(_id, olds, news) {
    const replaces = ["endpoint" as const, "pipelineName" as const].filter((key) => olds[key] !== news[key]);
    const changes = replaces.length > 0 || !util.isDeepStrictEqual(olds.definition, news.definition);
    return { changes, replaces, deleteBeforeReplace: false };
  },
  async create(inputs) {
    await publish(inputs);
    return { id: `${inputs.endpoint}/pipelines/${inputs.pipelineName}`, outs: inputs };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("a pipeline cannot be imported: declare it and deploy");
    const http = openHttp();
    try {
      const token = await deployerToken(http, audience);
      const answer = await http.send({
        method: "GET",
        url: urlOf(props),
        headers: { authorization: `Bearer ${token}` },
      });
      if (answer.status === 404) return {};
      if (answer.status >= 400) throw refusal(`reading pipeline ${props.pipelineName}`, answer);
      const properties = (answer.json as { properties: Record<string, unknown> }).properties;
      return { id, props: { ...props, definition: withoutServiceMembers(properties) } };
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
      const token = await deployerToken(http, audience);
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
