import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { hostNames } from "../../contract/hosts.js";
import { redact } from "../../contract/redaction.js";
import { proxyCure, UnreachableError } from "../http/errors.js";
import { proxyInUse } from "../http/proxy.js";

const notReachable = /ECONNREFUSED|ENOTFOUND|ECONNRESET|ETIMEDOUT|endpoints_resolution_error|network_error/;

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
];

const authority = `https://${hostNames.login}`;
const signInWays = "sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";

/** A failed sign-in as an error of exit code 3 (an `UnreachableError` where no answer came): Entra's own sentence, the cure, and no secret. */
export function signInError(
  thrown: unknown,
  audience: string,
  environment: Readonly<Record<string, string | undefined>>,
): ProgramError {
  const whole = messageOf(thrown);
  const proxy = notReachable.test(whole) ? proxyInUse(authority, environment) : undefined;
  const through = proxy === undefined ? "" : ` through the proxy ${proxy.address}, which ${proxy.variable} names`;
  const sentence = redact(`${entraSentence(whole)}${through}`, [environment["AZURE_CLIENT_SECRET"] ?? ""]);
  const known = cures.find(([pattern]) => pattern.test(whole))?.[1] ?? signInWays;
  const cure = proxy === undefined ? known : proxyCure(proxy);
  const message = `sign-in for ${audience} failed: ${sentence}`;
  return notReachable.test(whole)
    ? new UnreachableError(message, { cure, cause: thrown, taken: false })
    : new ProgramError(exitCodes.unavailable, message, { cure, cause: thrown });
}

/** The AADSTS sentence without the trace ids behind it; else the first line. */
function entraSentence(message: string): string {
  const entra = /AADSTS\d+:[^\r\n]*?(?=\s*(?:-\s*)?(?:Trace ID|Correlation ID|Timestamp)|,?\s*$)/m.exec(message);
  if (entra !== null) return entra[0];
  if (/^(ChainedTokenCredential|DefaultAzureCredential)\b/.test(message))
    return "this machine has no identity to sign in with";
  if (notReachable.test(message)) return "login.microsoftonline.com is not reachable";
  return message.trim().split(/\r?\n/, 1)[0] ?? "";
}
