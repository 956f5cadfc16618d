import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { hostNames } from "../../contract/hosts.js";
import { redact } from "../../contract/redaction.js";
import { proxyCure, UnreachableError } from "../http/errors.js";
import { proxyInUse } from "../http/proxy.js";

const notReachable = /ECONNREFUSED|ENOTFOUND|ECONNRESET|ETIMEDOUT|endpoints_resolution_error|network_error/;
/** What Entra ID calls a state of its own that passes. */
const busy =
  /AADSTS(50033|50196|90006|90012|90024|90033)\b|server_error|temporarily_unavailable|temporarily unavailable|throttled/i;
const entraNumber = /AADSTS\d+/;
const noIdentity = /^(ChainedTokenCredential|DefaultAzureCredential)\b/;

/** What to do for the refusals of Entra ID that people meet; the numbers are Microsoft's. */
const cures: readonly (readonly [RegExp, string])[] = [
  [
    /AADSTS7000215/,
    "AZURE_CLIENT_SECRET must hold the secret's value, not its id; make a new one: az ad app credential reset --id <AZURE_CLIENT_ID>",
  ],
  [/AADSTS7000222/, "the secret has ended; make a new one: az ad app credential reset --id <AZURE_CLIENT_ID>"],
  [/AADSTS700016/, "check AZURE_CLIENT_ID: is that application registered in the tenant of AZURE_TENANT_ID?"],
  [/AADSTS(90002|900023)/, "check AZURE_TENANT_ID"],
  [/AADSTS500011/, "the service is not known in this tenant: check AZURE_TENANT_ID"],
  [notReachable, "check the network, HTTPS_PROXY and NODE_EXTRA_CA_CERTS"],
  [busy, "the sign-in service is busy or has a fault of its own: try again"],
];

const authority = `https://${hostNames.login}`;
const signInWays = "sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";

/**
 * A failed sign-in as an error of exit code 3: Entra's own sentence, the cure, and no secret. One that may pass is an
 * `UnreachableError`: all but a refusal of Entra ID's, and a machine that has no identity unless a sign-in `worked` before.
 */
export function signInError(
  thrown: unknown,
  audience: string,
  environment: Readonly<Record<string, string | undefined>>,
  worked = false,
): ProgramError {
  const whole = messageOf(thrown);
  const proxy = notReachable.test(whole) ? proxyInUse(authority, environment, "upper") : undefined;
  const through = proxy === undefined ? "" : ` through the proxy ${proxy.address}, which ${proxy.variable} names`;
  const sentence = redact(`${entraSentence(whole)}${through}`, [environment["AZURE_CLIENT_SECRET"] ?? ""]);
  const known = cures.find(([pattern]) => pattern.test(whole))?.[1] ?? signInWays;
  const cure = proxy === undefined ? known : proxyCure(proxy);
  const message = `sign-in for ${audience} failed: ${sentence}`;
  const isRefused = entraNumber.test(whole) || (noIdentity.test(whole) && !worked);
  return notReachable.test(whole) || busy.test(whole) || !isRefused
    ? new UnreachableError(message, { cure, cause: thrown, taken: false })
    : new ProgramError(exitCodes.unavailable, message, { cure, cause: thrown });
}

/** The sentence without the trace ids behind it; else the first line. */
function entraSentence(message: string): string {
  const entra = /AADSTS\d+:[^\r\n]*?(?=\s*(?:-\s*)?(?:Trace ID|Correlation ID|Timestamp)|,?\s*$)/m.exec(message);
  if (entra !== null) return entra[0];
  if (noIdentity.test(message)) return "this machine has no identity to sign in with";
  if (notReachable.test(message)) return "login.microsoftonline.com is not reachable";
  const [, description] = /Description: (.+?) *(?:Trace ID|Correlation ID|$)/m.exec(message) ?? [];
  return description ?? message.trim().split(/\r?\n/, 1)[0] ?? "";
}
