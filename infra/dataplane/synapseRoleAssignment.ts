import * as pulumi from "@pulumi/pulumi";
import { deployerToken, deployerTokenAs } from "./credential.js";
import { cureOf, type Patience, untilInEffect } from "./effect.js";
import { azureErrorOf, isHostGone, refusal } from "./errors.js";
import { type Answer, type Http, openHttp } from "./http.js";
import { checked, differenceOf } from "./inputs.js";
import { keepingIn, type SignIn } from "./signIn.js";

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
  /** The id of the same grant that somebody else made: it is used, and stays when this resource goes. */
  readonly madeByOthers?: string;
}

const audience = "https://dev.azuresynapse.net";

function urlOf(values: Values): string {
  const id = values.madeByOthers ?? values.assignmentName;
  return `${values.endpoint}/roleAssignments/${id}?api-version=2020-12-01`;
}

async function withHttp<T>(work: (http: Http) => Promise<T>): Promise<T> {
  const http = openHttp();
  try {
    return await work(http);
  } finally {
    await http.close();
  }
}

const signIn: SignIn = {};

interface Found {
  readonly id?: string;
  readonly roleDefinitionId?: string;
  readonly principalId?: string;
  readonly scope?: string;
}

function isThereAlready(answer: Answer): boolean {
  return answer.status === 409 && azureErrorOf(answer).code === "RoleAssignmentExists";
}

/** The id under which the grant exists: its own after an interrupted deployment, another if the workspace came with it. */
async function existing(http: Http, token: string, values: Values): Promise<string | undefined> {
  const { endpoint, roleId, principalId, workspaceName } = values;
  const query = new URLSearchParams({ "api-version": "2020-12-01", roleId, principalId });
  const headers = { authorization: `Bearer ${token}` };
  const answer = await http.send({ method: "GET", url: `${endpoint}/roleAssignments?${query}`, headers });
  if (answer.status >= 400) throw refusal("listing the workspace's role assignments", answer);
  const { value = [] } = answer.json as { value?: readonly Found[] };
  const scope = `workspaces/${workspaceName}`.toLowerCase();
  return value.find((one) => one.scope?.toLowerCase() === scope)?.id;
}

async function assign(values: Values): Promise<Values> {
  const { madeByOthers: _former, ...own } = values;
  return withHttp(async (http) => {
    let token = "";
    const answer = await untilInEffect(values.patience, async () => {
      token ||= await deployerTokenAs(http, signIn, audience, values.actingAs);
      return http.send({
        method: "PUT",
        url: urlOf(own),
        headers: { authorization: `Bearer ${token}` },
        body: {
          roleId: values.roleId,
          principalId: values.principalId,
          principalType: values.principalType,
          scope: `workspaces/${values.workspaceName}`,
        },
      });
    });
    if (isThereAlready(answer)) {
      const id = await existing(http, token, own);
      if (id?.toLowerCase() === own.assignmentName.toLowerCase()) return own;
      if (id !== undefined) return { ...own, madeByOthers: id };
    }
    if (answer.status < 400) return own;
    throw refusal(`assigning Synapse role ${values.roleId} to ${values.principalId}${cureOf(answer)}`, answer);
  });
}

const provider: pulumi.dynamic.ResourceProvider<Values, Values> = {
  configure: keepingIn(signIn),
  async check(_olds, news) {
    return checked(news, { endpoint: "origin", assignmentName: "guid", roleId: "guid", principalId: "guid" });
  },
  async diff(_id, olds, news) {
    const replace = ["endpoint", "workspaceName", "assignmentName", "roleId", "principalId", "principalType"] as const;
    return { ...differenceOf(olds, news, { replace, update: [] }), deleteBeforeReplace: true };
  },
  async create(inputs) {
    return { id: `${inputs.endpoint}/roleAssignments/${inputs.assignmentName}`, outs: await assign(inputs) };
  },
  async read(id, props) {
    if (props === undefined) throw new Error("a Synapse role assignment cannot be imported: declare it and deploy");
    try {
      return await withHttp(async (http) => {
        const headers = { authorization: `Bearer ${await deployerToken(http, signIn, audience)}` };
        const answer = await http.send({ method: "GET", url: urlOf(props), headers });
        if (answer.status === 404) return {};
        if (answer.status >= 400) throw refusal(`reading Synapse role assignment ${props.assignmentName}`, answer);
        const { roleDefinitionId: roleId = props.roleId, principalId = props.principalId } = answer.json as Found;
        return { id, props: { ...props, roleId, principalId } };
      });
    } catch (error) {
      if (isHostGone(error, props.endpoint)) return {};
      throw error;
    }
  },
  async update(_id, _olds, news) {
    return { outs: await assign(news) };
  },
  async delete(_id, props) {
    if (props.madeByOthers !== undefined) return;
    try {
      await withHttp(async (http) => {
        const headers = { authorization: `Bearer ${await deployerToken(http, signIn, audience)}` };
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
