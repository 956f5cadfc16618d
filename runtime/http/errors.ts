import { type ExitCode, exitCodes, ProgramError } from "../../contract/errors.js";
import type { Json } from "../../contract/json.js";
import { redact } from "../../contract/redaction.js";
import { maskedJson, maskedText } from "./masked.js";
import type { ProxyInUse } from "./proxy.js";
import type { ServiceError } from "./serviceError.js";

/** No answer came. `taken` is false only when it is certain that the service never got the request. */
export class UnreachableError extends ProgramError {
  readonly taken: boolean;

  constructor(message: string, options: { cure: string; cause: unknown; taken: boolean }) {
    super(exitCodes.unavailable, message, { cure: options.cure, cause: options.cause });
    this.taken = options.taken;
  }
}

/** The cause of an `UnreachableError`: no whole answer came in time; the service may still be at it. */
export class DeadlineError extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

/** The cause of an `UnreachableError`: the answer's head came, its body broke off. */
export class BrokenAnswerError extends Error {
  constructor(status: number, cause: unknown) {
    super(`its answer (${status}) broke off`, { cause });
  }
}

/** The service answered with a status of 400 or more; `code` and `sentence` are its own words. */
export class HttpError extends ProgramError {
  readonly status: number;
  readonly url: string;
  readonly code: string | undefined;
  readonly sentence: string | undefined;
  /** How long the service asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The request and the answer for `--verbose`, without secrets. */
  readonly exchange: Exchange;

  constructor(
    request: { readonly method: string; readonly url: string; readonly body?: Json },
    status: number,
    service: ServiceError,
    options: { exitCode?: ExitCode; cure?: string; answer?: string; retryAfterMs?: number | undefined } = {},
  ) {
    const url = withoutSecrets(request.url);
    const name = service.code === undefined ? String(status) : `${status} ${service.code}`;
    const cure = options.cure ?? cureOf(status, service);
    super(
      options.exitCode ?? exitCodes.unavailable,
      redact(`${name} from ${request.method} ${url}: ${service.message ?? "the answer has no explanation"}`),
      cure === undefined ? {} : { cure },
    );
    this.status = status;
    this.url = url;
    this.code = service.code;
    this.sentence = service.message === undefined ? undefined : redact(service.message);
    this.retryAfterMs = options.retryAfterMs;
    const sent = request.body === undefined || request.body === null ? "" : `\n${maskedJson(request.body)}`;
    const received = options.answer ? `\n${maskedText(options.answer)}` : "";
    this.exchange = { request: `${request.method} ${url}${sent}`, answer: `${name}${received}` };
  }
}

/** What went over the wire, as text of several lines. */
export interface Exchange {
  readonly request: string;
  readonly answer: string;
}

function cureOf(status: number, { code, message }: ServiceError): string | undefined {
  if (code === "ClientIpAddressNotAuthorized") {
    const address = /\d{1,3}(?:\.\d{1,3}){3}/.exec(message ?? "")?.[0] ?? "<your address>";
    return `let this address in (pulumi config set --path 'allowedIpAddresses[0]' ${address}; pulumi up); a new rule takes a minute`;
  }
  if (status === 401)
    return "sign in again (az login), or check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";
  if (status === 403)
    return "give this identity the role that the sentence above names; a new role takes a few minutes";
  if (status === 408 || status === 429 || status >= 500)
    return "the service is busy or has a fault of its own: try again";
  return undefined;
}

/** The URL without its query, which may carry a signature. */
export function withoutSecrets(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

const unsentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_HAS_EXPIRED",
]);

/** No connection was made; where a proxy is in use, it is the proxy that was not reached. */
const proxyCodes = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Turns what the network said into a sentence, its cure, and whether the service may have got the request. */
export function unreachable(url: string, cause: unknown, proxy: ProxyInUse | undefined): UnreachableError {
  const code = codeOf(cause);
  const host = new URL(url).host;
  const refusedTunnel = cause instanceof Error && /when HTTP Tunneling/.test(cause.message);
  const taken = !unsentCodes.has(code) && !refusedTunnel;
  const detail = cause instanceof Error && cause.message !== "" ? cause.message : code;
  const isGone = proxy !== undefined && proxyCodes.has(code);
  const sentence = isGone
    ? `the proxy ${proxy.address}, which ${proxy.variable} names, does not answer (${detail})`
    : detail;
  return new UnreachableError(redact(`${host} is not reachable: ${sentence}`), {
    cure: unreachableCure(code, proxy, refusedTunnel),
    cause,
    taken,
  });
}

/** What to do where a proxy may be the cause. */
export function proxyCure({ variable, address }: ProxyInUse): string {
  return `does the proxy ${address} still run? start it again, or correct or unset ${variable}`;
}

function unreachableCure(code: string, proxy: ProxyInUse | undefined, refusedTunnel: boolean): string {
  if (refusedTunnel) {
    const through = proxy === undefined ? "in use" : `${proxy.address} (${proxy.variable})`;
    return `the proxy ${through} does not let this host through: check the name, or the proxy`;
  }
  if (code.includes("CERT") || code.includes("VERIFY")) {
    return "its certificate is not trusted here: set NODE_EXTRA_CA_CERTS to the file of the authority that signed it";
  }
  if (proxy !== undefined) return proxyCure(proxy);
  if (code === "ENOTFOUND") return "check the name: a workspace or account of that name may not exist (any more)";
  return "check the network connection and try again";
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "";
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0]);
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return "cause" in thrown ? codeOf(thrown.cause) : "";
}
