import { SynapseManagementClient, type Workspace } from "@azure/arm-synapse";
import type { WorkspaceResource } from "./place.js";

export interface WorkspaceAccess {
  readonly token: () => Promise<string>;
  readonly now: () => Date;
  /** The ARM ids of the subscription's workspaces that the identity may read. */
  readonly readable: (subscriptionId: string) => Promise<readonly string[]>;
}

/**
 * The Synapse workspaces of a subscription that the identity may see (Resource Manager, Workspaces - List); one with rights
 * on single groups or workspaces may not list the subscription's, so each that it may read is read. A module of its own,
 * because the library is slow to load.
 */
export async function listWorkspaces(
  subscriptionId: string,
  { token, now, readable }: WorkspaceAccess,
  signal: AbortSignal,
): Promise<WorkspaceResource[]> {
  const getToken = async () => ({ token: await token(), expiresOnTimestamp: now().getTime() + tokenLifeMs });
  const { workspaces } = new SynapseManagementClient({ getToken }, subscriptionId);
  const found: Workspace[] = [];
  try {
    for await (const workspace of workspaces.list({ abortSignal: signal })) found.push(workspace);
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    for (const id of await readable(subscriptionId)) {
      const [, , , , group = "", , , , name = ""] = id.split("/");
      found.push(await workspaces.get(group, name, { abortSignal: signal }));
    }
  }
  return found.flatMap(({ name, id, location, connectivityEndpoints }) => {
    const endpoint = connectivityEndpoints?.["dev"];
    return name && id && endpoint ? [{ name, id, location, endpoint }] : [];
  });
}

/** The library asks for a token shortly before this is over; the source of tokens knows better. */
const tokenLifeMs = 10 * 60_000;

/** No right in the subscription, or no such subscription. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && "statusCode" in thrown && (thrown.statusCode === 403 || thrown.statusCode === 404);
}
