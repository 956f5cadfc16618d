import { createTokenSource, type TokenSource } from "../auth/credential.js";
import { createHttpClient, type HttpClient } from "../http/client.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import { type Place, placeOfStack } from "../stack/place.js";
import { createSynapseClient, type SynapseClient } from "../synapse/client.js";
import type { CommandContext } from "./context.js";

/** Connections of one command to one Synapse workspace. */
export interface Session {
  readonly place: Place;
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly synapse: SynapseClient;
}

/** Finds the stack or the workspace that is selected, runs `work` with connections to it, and closes them afterwards. */
export async function withSession<Result>(
  selection: StackSelection,
  context: CommandContext,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const stack = selection.workspace === undefined ? await findStack(selection, context) : undefined;
  const http = createHttpClient(context);
  const tokens = recordedTokens(context.tokens ?? createTokenSource(context), context.secrets);
  try {
    const place =
      stack === undefined
        ? await lookUp(selection, { http, tokens }, context)
        : { ...placeOfStack(stack), deployLine: context.deployLine };
    return await work({ place, http, tokens, synapse: createSynapseClient(place.synapseEndpoint, http, tokens) });
  } finally {
    await http.close();
  }
}

async function lookUp(
  { workspace = "" }: StackSelection,
  connections: Pick<Session, "http" | "tokens">,
  context: CommandContext,
): Promise<Place> {
  const { findWorkspace } = await import("../stack/findWorkspace.js");
  return findWorkspace(workspace, connections, context);
}

/** Every token that is handed out is masked in what the command writes. */
export function recordedTokens(source: TokenSource, secrets: Set<string>): TokenSource {
  return {
    token: async (audience, refused) => {
      const token = await source.token(audience, refused);
      secrets.add(token);
      return token;
    },
  };
}
