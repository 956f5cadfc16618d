import * as pulumi from "@pulumi/pulumi";
import { deployerToken, deployerTokenAs } from "./credential.js";
import { cureOf, type Patience, untilInEffect } from "./effect.js";
import { azureErrorOf, isHostGone, refusal } from "./errors.js";
import { type Answer, type Http, openHttp } from "./http.js";

/** A Synapse role given to a principal on the whole workspace (Synapse access control API, 2020-12-01). */
export interface SynapseRoleAssignmentArgs {
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: pulumi.Input<string>;
  readonly workspaceName: pulumi.Input<string>;
  /** A GUID that is the same for the same scope, role and principal. */
  readonly assignmentName: pulumi.Input<string>;
  /** The role's GUID. */
  readonly roleId: pulumi.Input<string>;
  readonly principalId: pulumi.Input<string>;
  readonly principalType: pulumi.Input<string>;
  /** The object id that azure-native signs in with. */
  readonly actingAs: pulumi.Input<string>;
  readonly patience: pulumi.Input<Patience>;
}

interface Values {
  readonly endpoint: string;
  readonly workspaceName: string;
  readonly assignmentName: string;
  readonly roleId: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly actingAs: string;
  readonly patience: Patience;
}

const audience = "https://dev.azuresynapse.net";

function urlOf(values: Values): string {
  return `${values.endpoint}/roleAssignments/${values.assignmentName}?api-version=2020-12-01`;
}

async function withHttp<T>(work: (http: Http) => Promise<T>): Promise<T> {
  const http = openHttp();
  try {
    return await work(http);
  } finally {
    await http.close();
  }
}

function isThereAlready(answer: Answer): boolean {
  return answer.status === 409 && azureErrorOf(answer).code === "RoleAssignmentExists";
}

async function assign(values: Values): Promise<void> {
  await withHttp(async (http) => {
    let token = "";
    const answer = await untilInEffect(values.patience, async () => {
      token ||= await deployerTokenAs(http, audience, values.actingAs);
      return http.send({
        method: "PUT",
        url: urlOf(values),
        headers: { authorization: `Bearer ${token}` },
        body: {
          roleId: values.roleId,
          principalId: values.principalId,
          principalType: values.principalType,
          scope: `workspaces/${values.workspaceName}`,
        },
      });
    });
    if (answer.status >= 400 && !isThereAlready(answer)) {
      throw refusal(`assigning Synapse role ${values.roleId} to ${values.principalId}${cureOf(answer)}`, answer);
    }
  });
}

const provider: pulumi.dynamic.ResourceProvider<Values, Values> = {
  async check(_olds, news) {
    return { inputs: news };
  },
  async diff(_id, olds, news) {
    const keys = ["endpoint", "workspaceName", "assignmentName", "roleId", "principalId", "principalType"] as const;
    const replaces = keys.filter((key) => olds[key] !== news[key]);
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: true };
  },
  async create(inputs) {
    await assign(inputs);
    return { id: `${inputs.endpoint}/roleAssignments/${inputs.assignmentName}`, outs: inputs };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("a Synapse role assignment cannot be imported: declare it and deploy");
    return withHttp(async (http) => {
      const headers = { authorization: `Bearer ${await deployerToken(http, audience)}` };
      const answer = await http.send({ method: "GET", url: urlOf(props), headers });
      if (answer.status === 404) return {};
      if (answer.status >= 400) throw refusal(`reading Synapse role assignment ${props.assignmentName}`, answer);
      return { id, props };
    });
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    try {
      await withHttp(async (http) => {
        const headers = { authorization: `Bearer ${await deployerToken(http, audience)}` };
        const scope = encodeURIComponent(`workspaces/${props.workspaceName}`);
        const answer = await http.send({ method: "DELETE", url: `${urlOf(props)}&scope=${scope}`, headers });
        if (answer.status >= 400 && answer.status !== 404) {
          throw refusal(`removing Synapse role assignment ${props.assignmentName}`, answer);
        }
      });
    } catch (error) {
      // the workspace, and its host name with it, is gone
      if (!isHostGone(error, props.endpoint)) throw error;
    }
  },
};

/** A Synapse role assignment. */
export class SynapseRoleAssignment extends pulumi.dynamic.Resource {
  constructor(name: string, args: SynapseRoleAssignmentArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, options, "synapse", "RoleAssignment");
  }
}
