import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** Variables of a process; `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Connections as this environment wants them: through HTTPS_PROXY, trusting NODE_EXTRA_CA_CERTS. The caller closes it. */
export function dispatcherOf(environment: Environment): Dispatcher {
  const authority = environment["NODE_EXTRA_CA_CERTS"];
  return new EnvHttpProxyAgent({
    httpsProxy: environment["HTTPS_PROXY"] ?? "",
    httpProxy: environment["HTTP_PROXY"] ?? "",
    noProxy: environment["NO_PROXY"] ?? "",
    ...(authority ? { requestTls: { secureContext: trust(authority) } } : {}),
  });
}

/** Made once for all connections: Node takes some 20 ms to read that many certificates. */
function trust(authority: string): SecureContext {
  return createSecureContext({ ca: [...rootCertificates, readFileSync(authority, "utf8")] });
}

/** The variable's value; throws by its name when there is none. */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}
