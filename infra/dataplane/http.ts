import fs from "node:fs";
import tls from "node:tls";
import undici from "undici";

/** One HTTP answer; `json` is undefined when the body is not JSON. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

/** One request; `body` is sent as JSON unless it is a text. */
export interface Request {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends requests until it is closed; honours HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS. */
export interface Http {
  send(request: Request): Promise<Answer>;
  close(): Promise<void>;
}

const requestTimeoutMs = 60_000;

/** Opens a client; the caller closes it, because what a dynamic provider holds open is serialized with it. */
export function openHttp(): Http {
  const agent = new undici.EnvHttpProxyAgent(trust());
  return {
    async send(request) {
      const json = request.body !== undefined && typeof request.body !== "string";
      const sent = undici.request(request.url, {
        method: request.method,
        dispatcher: agent,
        headersTimeout: requestTimeoutMs,
        bodyTimeout: requestTimeoutMs,
        headers: { ...(json ? { "content-type": "application/json" } : {}), ...request.headers },
        ...(request.body === undefined ? {} : { body: json ? JSON.stringify(request.body) : String(request.body) }),
      });
      const answer = await sent.catch((error: unknown) => {
        // a proxy's refusal to connect does not say to which host
        throw Object.assign(error as Error, { hostname: new URL(request.url).hostname });
      });
      const text = await answer.body.text();
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer.headers)) headers[name] = String(value);
      return { status: answer.statusCode, headers, text, json: parsed(text) };
    },
    close: () => agent.close(),
  };
}

/**
 * Node reads NODE_EXTRA_CA_CERTS only when it starts; a program that runs inside another process (an inline program of
 * the Automation API) sees the variable later.
 */
function trust(): { requestTls?: { secureContext: tls.SecureContext } } {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  if (file === undefined || file === "" || !fs.existsSync(file)) return {};
  // once for all connections: Node takes some 20 ms to read that many certificates
  const secureContext = tls.createSecureContext({ ca: [...tls.rootCertificates, fs.readFileSync(file, "utf8")] });
  return { requestTls: { secureContext } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
