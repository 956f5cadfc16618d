import type { StackOutputs } from "../../contract/stackOutputs.js";
import { createTokenSource, type TokenSource } from "../auth/credential.js";
import { createHttpClient, type HttpClient } from "../http/client.js";
import { createSynapseClient, type SynapseClient } from "../synapse/client.js";
import type { CommandContext } from "./context.js";

/** Connections of one command to one deployed stack. */
export interface Session {
  readonly outputs: StackOutputs;
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly synapse: SynapseClient;
}

/** Runs `work` with connections to the stack and closes them afterwards. */
export async function withSession<Result>(
  outputs: StackOutputs,
  context: CommandContext,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const http = createHttpClient(context);
  const source = context.tokens ?? createTokenSource(context);
  const tokens: TokenSource = {
    token: async (audience) => {
      const token = await source.token(audience);
      context.secrets.add(token);
      return token;
    },
  };
  try {
    return await work({ outputs, http, tokens, synapse: createSynapseClient(outputs.synapseEndpoint, http, tokens) });
  } finally {
    await http.close();
  }
}
