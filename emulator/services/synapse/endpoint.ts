import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { audiences } from "../../../contract/hosts.js";
import { clientAddressOf } from "../../platform/clientAddress.js";
import type { Principal } from "../../platform/directory.js";
import { AzureError } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import { unauthenticated } from "./errors.js";
import type { Firewall } from "./firewall.js";
import { checkPermission, type Permission } from "./roles/checkPermission.js";
import type { RoleAssignments } from "./roles/roleAssignments.js";
import { type Workspace, workspaceAt } from "./workspaces.js";

/** One authenticated call of a workspace's data plane. */
export interface Call {
  readonly workspace: Workspace;
  readonly caller: Principal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: FastifyRequest["headers"];
  /** The parsed JSON; undefined when the request has none. */
  readonly body: unknown;
  readonly reply: FastifyReply;
}

/** Adds an operation: who may call it, and what it answers (the returned value is the body). */
export type Operations = (
  method: HTTPMethods | readonly HTTPMethods[],
  path: string,
  permissions: readonly Permission[],
  answer: (call: Call) => unknown,
) => void;

/** `2020-12-01`, `2021-06-01-preview`; also with the name doubled, as a widely read guide writes the URL. */
const apiVersion = /^(api-version=)?\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;

/**
 * How every operation of `https://<workspace>.dev.azuresynapse.net` is guarded: api-version, token (audience
 * https://dev.azuresynapse.net), the workspace's firewall, then Synapse RBAC.
 */
export function guardedOperations(
  application: FastifyInstance,
  platform: Platform,
  guards: { readonly firewall: Firewall; readonly roleAssignments: RoleAssignments },
): Operations {
  const { firewall, roleAssignments } = guards;
  return (method, path, permissions, answer) => {
    application.route({
      method: [method].flat() as HTTPMethods[],
      url: path,
      handler: async (request, reply) => {
        const workspace = workspaceAt(platform.resources, request.hostname);
        if (!workspace) {
          throw new AzureError(404, "WorkspaceNotFound", `There is no Synapse workspace at ${request.hostname}.`);
        }
        const query = request.query as Readonly<Record<string, unknown>>;
        checkApiVersion(query["api-version"]);
        const token = await platform.tokens.check(request.headers.authorization, audiences.synapse);
        if (!token.accepted) throw unauthenticated(token, platform.clock.now());
        firewall.check(workspace, clientAddressOf(request.raw));
        for (const permission of permissions) {
          checkPermission(roleAssignments.inEffect(workspace.key), token.principal, workspace, permission);
        }
        return answer({
          workspace,
          caller: token.principal,
          params: request.params as Readonly<Record<string, string>>,
          query,
          headers: request.headers,
          body: request.body === "" ? undefined : (request.body ?? undefined),
          reply,
        });
      },
    });
  };
}

function checkApiVersion(given: unknown): void {
  if (typeof given === "string" && apiVersion.test(given)) return;
  if (given === undefined) {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw new AzureError(400, "MissingApiVersionParameter", message);
  }
  throw new AzureError(400, "InvalidApiVersionParameter", `The api-version '${String(given)}' is invalid.`);
}
