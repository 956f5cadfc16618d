import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { EnvHttpProxyAgent, request } from "undici";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../contract/clock.js";
import { randomIds } from "../../../contract/ids.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { createTokenSource, type TokenSource } from "../../../runtime/auth/credential.js";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { registerRuntimeCommands } from "../../../runtime/commands/register.js";
import { runProgram } from "../../../runtime/commands/runProgram.js";
import { type Recorded, testContext } from "./commandContext.js";
import { sampleOutputs } from "./sampleOutputs.js";

/** The workspace that `startProvisionedEmulator` makes. */
export const provisionedWorkspace = {
  synapseWorkspace: "provisioned",
  synapseEndpoint: "https://provisioned.dev.azuresynapse.net",
} as const;

/** Signs in at an emulator over HTTP as the environment says, without the official library, which looks at the process's own. */
export function signInOver(environment: Readonly<Record<string, string>>, clock: Clock): TokenSource {
  const { AZURE_CLIENT_ID: id = "", AZURE_CLIENT_SECRET: secret = "", HTTPS_PROXY: proxy = "" } = environment;
  return createTokenSource({
    environment,
    clock,
    credential: {
      async getToken(scope) {
        const dispatcher = new EnvHttpProxyAgent({ httpsProxy: proxy });
        const answer = await request(`https://login.microsoftonline.com/${subscription.tenantId}/oauth2/v2.0/token`, {
          dispatcher,
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: id,
            client_secret: secret,
            scope: String(scope),
          }).toString(),
        });
        const body = (await answer.body.json()) as { access_token: string; expires_in: number };
        await dispatcher.close();
        return { token: body.access_token, expiresOnTimestamp: clock.now().getTime() + body.expires_in * 1000 };
      },
    },
  });
}

/** Types a command in this process against the provisioned workspace of an emulator; `outputs` are the stack's. */
export async function commandAgainst(
  environment: Readonly<Record<string, string>>,
  typed: readonly string[],
  options: { readonly clock: Clock; readonly outputs?: object; readonly context?: Partial<CommandContext> },
): Promise<Recorded> {
  const { clock, outputs = {} } = options;
  const directory = mkdtempSync(path.join(os.tmpdir(), "command-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { synapseEndpoint, ...names } = provisionedWorkspace;
  const all = sampleOutputs(synapseEndpoint, { ...names, ...outputs });
  writeFileSync(path.join(directory, "outputs.json"), JSON.stringify(all));
  const tokens = signInOver(environment, clock);
  const { context, recorded } = testContext({
    environment,
    clock,
    directory,
    tokens,
    ids: randomIds,
    ...options.context,
  });
  const program = new Command("synapse-batch");
  registerRuntimeCommands(program, context);
  await runProgram(program, [...typed, "--outputs", "outputs.json"], context);
  return recorded;
}
