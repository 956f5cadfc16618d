import { readFileSync } from "node:fs";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** Variables of a process; `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Connections as this environment wants them: through HTTPS_PROXY, trusting the authority in NODE_EXTRA_CA_CERTS and no
 * other, so that nothing meant for this Azure reaches another one. The caller closes it.
 */
export function dispatcherOf(environment: Environment): Dispatcher {
  const authority = environment["NODE_EXTRA_CA_CERTS"];
  return new EnvHttpProxyAgent({
    httpsProxy: environment["HTTPS_PROXY"] ?? "",
    httpProxy: environment["HTTP_PROXY"] ?? "",
    noProxy: environment["NO_PROXY"] ?? "",
    ...(authority ? { requestTls: { ca: readFileSync(authority, "utf8") } } : {}),
  });
}

/** The variable's value; throws by its name when there is none. */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}
