import path from "node:path";
import type { Directory } from "./platform/directory.js";
import { type PrincipalName, principals, subscription } from "./platform/subscription.js";

/** Variables of the user's own Azure that must not leak into a joined process. */
const foreign = /^((AZURE|ARM|IDENTITY|MSI|PULUMI)_|(HTTP|ALL)_PROXY$)/i;

/** Files that the variables point to. */
export interface EnvironmentFiles {
  /** The private authority's certificate alone (PEM): Node adds it to its own roots. */
  readonly authority: string;
  /** The same and the public roots: for clients whose setting replaces their roots. */
  readonly bundle: string;
  /** Folder for what `az` and `pulumi` keep, and for the stack's outputs. */
  readonly folder: string;
}

/** The private authority's certificate in the state folder. */
export const authorityFile = "authority.pem";

/** Where the stack's outputs are written for joined commands. */
export const outputsFile = (folder: string) => path.join(folder, "outputs.json");

/** Where Pulumi's command line keeps its plugins and the stacks. */
export const pulumiHome = (folder: string) => path.join(folder, "pulumi");

/**
 * The variables by which a process joins the emulator as one of its principals, and nothing else. With `base`, the
 * caller's own environment less everything that would bring their real Azure along.
 */
export function joiningEnvironment(options: {
  readonly proxyUrl: string;
  readonly files: EnvironmentFiles;
  readonly principal: PrincipalName;
  readonly directory: Directory;
  /** What a client of the retraining service needs to know (`BES_*`). */
  readonly retraining: Readonly<Record<string, string>>;
}): Record<string, string> {
  const { appId } = principals[options.principal];
  const secret = options.directory.secretOf(appId);
  if (secret === undefined) throw new Error(`the principal ${options.principal} has no secret in the directory`);
  const { folder } = options.files;
  return {
    HTTPS_PROXY: options.proxyUrl,
    https_proxy: options.proxyUrl,
    NO_PROXY: "localhost,127.0.0.1",
    no_proxy: "localhost,127.0.0.1",
    NODE_EXTRA_CA_CERTS: options.files.authority,
    REQUESTS_CA_BUNDLE: options.files.bundle,
    SSL_CERT_FILE: options.files.bundle,
    ...signIn("AZURE", appId, secret),
    ...signIn("ARM", appId, secret),
    AZURE_CONFIG_DIR: path.join(folder, "azure"),
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    AZURE_CORE_ONLY_SHOW_ERRORS: "true",
    PULUMI_HOME: pulumiHome(folder),
    PULUMI_BACKEND_URL: `file://${path.join(pulumiHome(folder), "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    STACK_OUTPUTS: outputsFile(folder),
    ...options.retraining,
  };
}

function signIn(prefix: "AZURE" | "ARM", clientId: string, secret: string): Record<string, string> {
  return {
    [`${prefix}_TENANT_ID`]: subscription.tenantId,
    [`${prefix}_SUBSCRIPTION_ID`]: subscription.subscriptionId,
    [`${prefix}_CLIENT_ID`]: clientId,
    [`${prefix}_CLIENT_SECRET`]: secret,
  };
}

/** The user's environment as a joined process gets it: theirs without their Azure, then ours. */
export function joined(base: NodeJS.ProcessEnv, joining: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !foreign.test(name)));
  return { ...kept, ...joining };
}

/** The same for a command that joins for its own life only: what it offers to type next must join again. */
export function joinedOnce(base: NodeJS.ProcessEnv, joining: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...joined(base, joining), SYNAPSE_BATCH_PREFIX: execPrefix };
}

/** What runs one command inside. */
export const execPrefix = "npm run emulator -- exec";

/** The names in the user's environment that a joined shell must unset. */
export function foreignNames(base: NodeJS.ProcessEnv, joining: Readonly<Record<string, string>>): string[] {
  return Object.keys(base).filter((name) => foreign.test(name) && !(name in joining));
}

/** Whether a shell or a process with these variables has joined an emulator, which may have ended since. */
export function isJoined({ NODE_EXTRA_CA_CERTS: authority }: NodeJS.ProcessEnv): boolean {
  return authority?.endsWith(authorityFile) ?? false;
}

/** The proxy of the user's own network, which hosts that are not Azure's are reached through; none in a joined process. */
export function upstreamProxyOf(environment: NodeJS.ProcessEnv): URL | undefined {
  const given = environment["HTTPS_PROXY"] || environment["https_proxy"];
  return given && !isJoined(environment) && URL.canParse(given) ? new URL(given) : undefined;
}
