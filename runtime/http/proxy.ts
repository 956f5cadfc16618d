import { exitCodes, ProgramError } from "../../contract/errors.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that a request goes through, and the variable that names it. */
export interface ProxyInUse {
  readonly variable: string;
  /** Without the password that it may carry. */
  readonly address: string;
}

/**
 * The proxy variables, the lower-case name first. Empty, not undefined, where there is none: undici would look into the
 * process's own environment instead. Throws (exit code 2) where one of them holds no address.
 */
export function proxyVariables(environment: Environment) {
  // both spellings: the sign-in prefers the other one
  for (const variable of ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"]) {
    const address = environment[variable];
    if (address && !isAddress(address)) throw noAddress(variable, address);
  }
  const read = (name: string) => environment[nameOf(name, environment)] ?? "";
  return { httpProxy: read("HTTP_PROXY"), httpsProxy: read("HTTPS_PROXY"), noProxy: read("NO_PROXY") };
}

/** Which of a variable's two names counts where both are set: the lower-case one, but for the sign-in the upper-case one. */
export type Spelling = "lower" | "upper";

/** Undefined where requests to that address go straight to it. */
export function proxyInUse(url: string, environment: Environment, first: Spelling = "lower"): ProxyInUse | undefined {
  const { protocol, hostname } = new URL(url);
  const noProxy = environment[nameOf("NO_PROXY", environment, first)] ?? "";
  const direct = noProxy.split(/[,\s]+/).map((entry) =>
    entry
      .replace(/^\*?\./, "")
      .replace(/:\d+$/, "")
      .toLowerCase(),
  );
  if (direct.some((entry) => entry !== "" && (entry === "*" || `.${hostname}`.endsWith(`.${entry}`)))) return undefined;
  const names = protocol === "https:" ? ["HTTPS_PROXY", "HTTP_PROXY"] : ["HTTP_PROXY"];
  const variable = names.map((name) => nameOf(name, environment, first)).find((name) => environment[name]);
  const address = variable === undefined ? undefined : environment[variable];
  return variable && address ? { variable, address: masked(address) } : undefined;
}

function nameOf(name: string, environment: Environment, first: Spelling = "lower"): string {
  const lower = name.toLowerCase();
  if (first === "upper") return environment[name] ? name : lower;
  return environment[lower] === undefined ? name : lower;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^(https?|socks5?):$/.test(new URL(text).protocol);
}

/** A password may hold any character, even an @. */
function masked(address: string): string {
  return address.replace(/^(\w+:\/\/)?.*@/s, "$1***@");
}

function noAddress(variable: string, address: string): ProgramError {
  const host = /^[\w.-]+:\d+\/?$/.test(address) ? address : "<host>:<port>";
  return new ProgramError(exitCodes.usage, `${variable} holds no address of a proxy: ${masked(address)}`, {
    cure: `write it with its scheme: ${variable}=http://${host}`,
  });
}
