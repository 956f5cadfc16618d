import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import { isJsonObject } from "../../contract/json.js";
import type { TokenSource } from "../auth/credential.js";
import type { HttpError } from "../http/errors.js";
import { parseJson } from "../http/parseJson.js";
import type { SynapseClient } from "./client.js";

/** What cancelling a run needs, by the names of Synapse RBAC. */
const cancelAction = "Microsoft.Synapse/workspaces/cancelPipelineRun/action";
const cancelRole = "Synapse Compute Operator";

/** The object id of whom a token was made for: the claim `oid`; undefined where the token cannot be read. */
function principalOf(token: string): string | undefined {
  const claims = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return isJsonObject(claims) && typeof claims.oid === "string" ? claims.oid : undefined;
}

/** That this identity may not cancel runs here, with the cure; undefined when it may, or when that cannot be told. */
export async function missingCancelRole(
  workspace: string,
  synapse: SynapseClient,
  tokens: TokenSource,
  signal: AbortSignal,
): Promise<string | undefined> {
  const principalId = principalOf(await tokens.token(audiences.synapse[0]));
  if (principalId === undefined) return undefined;
  const question = { principalId, action: cancelAction, scope: `workspaces/${workspace}` };
  const allowed = await synapse.isAllowed(question, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    return true;
  });
  return allowed ? undefined : `this identity lacks the role ${cancelRole}; ${assignment(workspace, principalId)}`;
}

/** The error of a refused cancellation: exit code 3, the service's sentence, the role that is missing. */
export function mayNotCancel(runId: string, workspace: string, refusal: HttpError, token: string): ProgramError {
  return new ProgramError(exitCodes.unavailable, `run ${runId} cannot be cancelled: ${refusal.message}`, {
    cure: `this identity needs the role ${cancelRole}; ${assignment(workspace, principalOf(token) ?? "<object id>")}`,
    cause: refusal,
  });
}

function assignment(workspace: string, principalId: string): string {
  return `an administrator gives it: az synapse role assignment create --workspace-name ${workspace} --role "${cancelRole}" --assignee-object-id ${principalId}`;
}
