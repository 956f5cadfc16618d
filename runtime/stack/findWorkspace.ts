import * as z from "zod";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { audiences, hostNames } from "../../contract/hosts.js";
import { didYouMean } from "../../contract/nearestName.js";
import type { TokenSource } from "../auth/credential.js";
import { withToken } from "../auth/withToken.js";
import type { CommandContext } from "../commands/context.js";
import type { HttpClient } from "../http/client.js";
import { HttpError, UnreachableError, withoutSecrets } from "../http/errors.js";
import { parseJson } from "../http/parseJson.js";
import { createSynapseClient } from "../synapse/client.js";
import type { WorkspaceAccess } from "./listWorkspaces.js";
import { type Place, placeOfWorkspace, type WorkspaceResource } from "./place.js";

export interface Connections {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
}

/**
 * The workspace of that name, whoever made it: looked for in the subscription of AZURE_SUBSCRIPTION_ID, or in all that the
 * identity sees. Where Resource Manager shows none, its development endpoint is asked: the data roles alone are enough to
 * start and watch. An unknown name is exit code 2, with the nearest one.
 */
export async function findWorkspace(name: string, connections: Connections, context: CommandContext): Promise<Place> {
  const wanted = name.toLowerCase();
  const { workspaces, where } = await visibleWorkspaces(connections, context);
  const resource = workspaces.find((workspace) => workspace.name.toLowerCase() === wanted);
  const place = placeOfWorkspace(name, resource);
  if (resource !== undefined || (await answers(place, connections, context.signal))) return place;
  throw noSuchWorkspace(name, workspaces, where);
}

interface Visible {
  readonly workspaces: readonly WorkspaceResource[];
  /** Where was looked, in words. */
  readonly where: string;
}

async function visibleWorkspaces(connections: Connections, context: CommandContext): Promise<Visible> {
  const given = context.environment["AZURE_SUBSCRIPTION_ID"];
  const subscriptions = given ? [given] : await visibleSubscriptions(connections, context.signal);
  const where = given
    ? `subscription ${given} (AZURE_SUBSCRIPTION_ID)`
    : `all subscriptions that this identity sees: ${subscriptions.length}`;
  if (subscriptions.length === 0) return { workspaces: [], where };
  const { listWorkspaces } = await import("./listWorkspaces.js");
  const access: WorkspaceAccess = {
    ...context,
    tokens: connections.tokens,
    readable: (id) => readableWorkspaces(id, connections, context.signal),
  };
  try {
    const lists = await Promise.all(subscriptions.map((id) => listWorkspaces(id, access, context.signal)));
    return { workspaces: lists.flat(), where };
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    if (thrown instanceof ProgramError) throw thrown;
    throw new ProgramError(exitCodes.unavailable, `the workspaces cannot be listed: ${messageOf(thrown)}`, {
      cure: "check the network and try again, or name the stack's outputs: --outputs <file>",
      cause: thrown,
    });
  }
}

const resourceManager = `https://${hostNames.resourceManager}`;
const subscription = z.looseObject({ subscriptionId: z.string() });
const resource = z.looseObject({ id: z.string(), type: z.string() });

async function visibleSubscriptions(connections: Connections, signal: AbortSignal): Promise<string[]> {
  const found = await pages(
    `${resourceManager}/subscriptions?api-version=2022-12-01`,
    subscription,
    connections,
    signal,
  );
  return found.map(({ subscriptionId }) => subscriptionId);
}

/** The ids of all workspaces of a subscription that the identity may read; none where there is no such subscription. */
async function readableWorkspaces(id: string, connections: Connections, signal: AbortSignal): Promise<string[]> {
  const type = "Microsoft.Synapse/workspaces";
  const filter = encodeURIComponent(`resourceType eq '${type}'`);
  const url = `${resourceManager}/subscriptions/${id}/resources?api-version=2021-04-01&$filter=${filter}`;
  try {
    const found = await pages(url, resource, connections, signal);
    return found.filter((each) => each.type.toLowerCase() === type.toLowerCase()).map((each) => each.id);
  } catch (thrown) {
    if (thrown instanceof HttpError && (thrown.status === 403 || thrown.status === 404)) return [];
    throw thrown;
  }
}

/** All items of a list of Resource Manager. */
async function pages<Item>(
  first: string,
  item: z.ZodType<Item>,
  { http, tokens }: Connections,
  signal: AbortSignal,
): Promise<Item[]> {
  const page = z.looseObject({ value: z.array(item), nextLink: z.string().nullish() });
  const found: Item[] = [];
  let url: string | undefined = first;
  while (url !== undefined) {
    const here = url;
    const answer = await withToken(tokens, audiences.resourceManager[0], (token) => {
      const headers = { authorization: `Bearer ${token}` };
      return http.send({ method: "GET", url: here, headers, repeat: "always", signal });
    });
    const read = page.safeParse(parseJson(answer.text));
    if (!read.success) throw unexpected(url);
    found.push(...read.data.value);
    url = read.data.nextLink || undefined;
  }
  return found;
}

function unexpected(url: string): ProgramError {
  const message = `GET ${withoutSecrets(url)} answered something else than a list of Resource Manager`;
  return new ProgramError(exitCodes.unavailable, message, {
    cure: "is a proxy or a sign-in page in between? check HTTPS_PROXY",
  });
}

/** Whether a development endpoint of that name is there; what it refuses is told by the command that asks next. */
async function answers({ synapseEndpoint }: Place, { http, tokens }: Connections, signal: AbortSignal) {
  // else a fault of the sign-in would pass for an endpoint that is not there
  await tokens.token(audiences.synapse[0]);
  try {
    await createSynapseClient(synapseEndpoint, http, tokens).listPipelines(signal);
    return true;
  } catch (thrown) {
    if (thrown instanceof HttpError) return true;
    if (thrown instanceof UnreachableError && !thrown.taken) return false;
    throw thrown;
  }
}

function noSuchWorkspace(name: string, workspaces: readonly WorkspaceResource[], where: string): ProgramError {
  const names = workspaces.map((workspace) => workspace.name).sort();
  const hint = didYouMean(name, names);
  return new ProgramError(exitCodes.usage, `there is no Synapse workspace ${name}${hint} (looked in ${where})`, {
    cure:
      names.length === 0
        ? "check the name, AZURE_SUBSCRIPTION_ID, and who is signed in (az account show)"
        : `this identity sees ${names.join(", ")}`,
  });
}
