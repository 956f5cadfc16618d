import { SynapseManagementClient, type Workspace } from "@azure/arm-synapse";
import type { Clock } from "../../contract/clock.js";
import { audiences } from "../../contract/hosts.js";
import type { TokenSource } from "../auth/credential.js";
import { withToken } from "../auth/withToken.js";
import { maxAttempts, pauseMs } from "../http/retry.js";
import type { WorkspaceResource } from "./place.js";

export interface WorkspaceAccess {
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** From 0 to less than 1. */
  readonly random: () => number;
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
  access: WorkspaceAccess,
  signal: AbortSignal,
): Promise<WorkspaceResource[]> {
  const { tokens, clock, random } = access;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withToken(tokens, audiences.resourceManager[0], (token) =>
        list(subscriptionId, token, access, signal),
      );
    } catch (thrown) {
      const pause = attempt < maxAttempts && isBroken(thrown) ? pauseMs(attempt, undefined, clock, random) : undefined;
      if (pause === undefined) throw thrown;
      await clock.sleep(pause, signal);
    }
  }
}

async function list(
  subscriptionId: string,
  token: string,
  { clock, readable }: WorkspaceAccess,
  signal: AbortSignal,
): Promise<WorkspaceResource[]> {
  const getToken = async () => ({ token, expiresOnTimestamp: clock.now().getTime() + tokenLifeMs });
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

/** The library asks for a token again before this is over; a list takes seconds. */
const tokenLifeMs = 60 * 60_000;

/** An answer that broke off or is no JSON; the library repeats by itself what got no answer at all. */
function isBroken(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "PARSE_ERROR";
}

/** No right in the subscription, or no such subscription. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && "statusCode" in thrown && (thrown.statusCode === 403 || thrown.statusCode === 404);
}
