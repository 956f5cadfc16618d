import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import { type PrincipalName, subscription } from "../../emulator/platform/subscription.js";
import type { ChildResult } from "./childProcess.js";
import { runCli } from "./cli.js";
import { hangingWorker } from "./hangingWorker.js";
import { startTestEmulator, type TestEmulator, testStateFolder } from "./testEmulator.js";

type Call = (
  principal: PrincipalName,
  audience: string,
  url: string,
  options?: {
    method?: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
    /** Text is sent as it is, an object as JSON. */
    body?: object | string;
    headers?: Readonly<Record<string, string>>;
  },
) => Promise<unknown>;

export interface Caller {
  readonly call: Call;
  close(): Promise<void>;
}

export interface DeployedEmulator extends TestEmulator {
  readonly outputs: StackOutputs;
  /** Runs one of the project's commands as a principal. */
  run(principal: PrincipalName, ...words: string[]): Promise<ChildResult>;
  /** One call as a principal, with a token for the audience; fails on an answer that is not 2xx. */
  readonly call: Call;
}

/** An emulator into which the Pulumi program was deployed with `emulator deploy` (and these words). */
export function startDeployedEmulator(...words: string[]): Promise<DeployedEmulator> {
  return deployInto({}, words);
}

/** The same, but a batch job that runs goes on until it is cancelled. */
export function startDeployedEmulatorWithEndlessJobs(): Promise<DeployedEmulator> {
  return deployInto({ scoringWorker: hangingWorker }, []);
}

async function deployInto(
  options: Parameters<typeof startTestEmulator>[0],
  words: readonly string[],
): Promise<DeployedEmulator> {
  const folder = testStateFolder();
  const emulator = await startTestEmulator({ folder, ...options });
  const run: DeployedEmulator["run"] = (principal, ...command) =>
    runCli(command, { ...emulator.environmentFor(principal), SYNAPSE_BATCH_HOME: folder.path });
  const deployed = await run("deployer", "emulator", "deploy", ...words);
  if (deployed.code !== 0) throw new Error(`the deployment failed: ${deployed.stderr}`);
  const shown = await run("deployer", "outputs", "--json");
  const caller = openCaller(emulator);
  return {
    ...emulator,
    outputs: JSON.parse(shown.stdout) as StackOutputs,
    run,
    call: caller.call,
    async close() {
      await caller.close();
      await emulator.close();
    },
  };
}

/** Calls the services of an emulator as one of its principals. */
export function openCaller(
  emulator: Pick<TestEmulator, "proxyUrl" | "environmentFor">,
  dispatcher: Dispatcher = new EnvHttpProxyAgent({ httpsProxy: emulator.proxyUrl }),
): Caller {
  async function send(url: string, options: Parameters<typeof request>[1]): Promise<unknown> {
    const answer = await request(url, { dispatcher, ...options });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
    const isJson = String(answer.headers["content-type"]).includes("json");
    return text === "" ? undefined : isJson ? JSON.parse(text) : text;
  }

  const tokens = new Map<string, Promise<string>>();

  /** One for each principal and audience, as clients keep them. */
  function tokenOf(principal: PrincipalName, audience: string): Promise<string> {
    const key = `${principal} ${audience}`;
    const token = tokens.get(key) ?? newToken(principal, audience);
    tokens.set(key, token);
    return token;
  }

  async function newToken(principal: PrincipalName, audience: string): Promise<string> {
    const { AZURE_CLIENT_ID: id = "", AZURE_CLIENT_SECRET: secret = "" } = emulator.environmentFor(principal);
    const form = { grant_type: "client_credentials", client_id: id, client_secret: secret, resource: audience };
    const token = (await send(`https://login.microsoftonline.com/${subscription.tenantId}/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    })) as { access_token: string };
    return token.access_token;
  }

  return {
    async call(principal, audience, url, { method = "GET", body, headers } = {}) {
      const token = await tokenOf(principal, audience);
      return send(url, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    },
    close: () => dispatcher.close(),
  };
}
