import { once } from "node:events";
import http from "node:http";
import type net from "node:net";
import tls from "node:tls";

/** An answer as it came over the wire; header names in lower case, of repeated ones the last. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Opens a TCP connection through the proxy (CONNECT) to a host's port 443. */
export async function openTunnelTo(proxyPort: number, host: string): Promise<net.Socket> {
  const request = http.request({
    host: "127.0.0.1",
    port: proxyPort,
    method: "CONNECT",
    path: `${host}:443`,
    agent: false,
  });
  request.end();
  const [answer, socket]: [http.IncomingMessage, net.Socket] = await new Promise((resolve, reject) => {
    request.once("connect", (...given: [http.IncomingMessage, net.Socket]) => resolve(given));
    request.once("error", reject);
  });
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  throw new Error(`CONNECT ${host} answered ${answer.statusCode} ${answer.statusMessage}`);
}

/** Sends requests byte by byte as given, one after the other on a connection that is kept while the server keeps it. */
export class RawClient {
  #connection: tls.TLSSocket | undefined;

  constructor(
    private readonly proxyPort: number,
    private readonly host: string,
  ) {}

  /** Undefined when the connection ended without an answer; `method` says whether the answer has a body. */
  async send(bytes: string | Buffer, method = "GET"): Promise<RawAnswer | undefined> {
    const connection = await this.#open();
    const answer = readAnswer(connection, method);
    connection.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    const { ends, ...read } = (await answer) ?? { ends: true };
    if (ends) this.close();
    return "status" in read ? read : undefined;
  }

  close(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  async #open(): Promise<tls.TLSSocket> {
    if (this.#connection?.writable) return this.#connection;
    const socket = await openTunnelTo(this.proxyPort, this.host);
    const connection = tls.connect({ socket, servername: this.host });
    connection.on("error", () => connection.destroy());
    await once(connection, "secureConnect");
    this.#connection = connection;
    return connection;
  }
}

/** Reads one answer: by its length, by its chunks, or to the end of the connection. */
function readAnswer(connection: tls.TLSSocket, method: string): Promise<(RawAnswer & { ends: boolean }) | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const finish = (answer: (RawAnswer & { ends: boolean }) | undefined) => {
      connection.off("data", onData).off("close", onClose);
      resolve(answer);
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      // an interim answer (100 Continue) precedes the real one
      text = text.replace(/^HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n/, "");
      const answer = parse(text, method, false);
      if (answer) finish(answer);
    };
    const onClose = () => finish(parse(text, method, true));
    connection.on("data", onData).once("close", onClose);
  });
}

function parse(text: string, method: string, isEnd: boolean): (RawAnswer & { ends: boolean }) | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line = "", ...fields] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    fields.map((field) => [
      field.slice(0, field.indexOf(":")).toLowerCase(),
      field.slice(field.indexOf(":") + 1).trim(),
    ]),
  );
  const status = Number(line.split(" ")[1]);
  const body = bodyOf(text.slice(end + 4), {
    headers,
    isEnd,
    isEmpty: method === "HEAD" || [204, 304].includes(status),
  });
  const ends = isEnd || headers["connection"] === "close";
  return body === undefined ? undefined : { status, headers, body, ends };
}

function bodyOf(
  rest: string,
  { headers, isEnd, isEmpty }: { headers: Record<string, string>; isEnd: boolean; isEmpty: boolean },
): string | undefined {
  if (isEmpty) return "";
  const length = headers["content-length"];
  if (length !== undefined) {
    return rest.length >= Number(length) || isEnd ? utf8(rest.slice(0, Number(length))) : undefined;
  }
  if (headers["transfer-encoding"] !== "chunked") return isEnd ? utf8(rest) : undefined;
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd < 0) return isEnd ? utf8(body) : undefined;
    const size = Number.parseInt(rest.slice(at, lineEnd), 16);
    if (rest.length < lineEnd + size + 4) return isEnd ? utf8(body) : undefined;
    if (size === 0) return utf8(body);
    body += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + size + 4;
  }
}

const utf8 = (latin1: string) => Buffer.from(latin1, "latin1").toString("utf8");
