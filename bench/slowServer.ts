import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A server whose answers take a time that the URL names and that a pipeline's definition does not tell. */
export interface SlowServer {
  /** A URL that answers with 200 after that time; seconds. */
  after(seconds: number): string;
  /** Answers with the status `Running`, and with `Completed` once that time has passed since the first request; seconds. */
  job(seconds: number): string;
  close(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startSlowServer(): Promise<SlowServer> {
  const firstAsked = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const [, kind = "", seconds = ""] = (request.url ?? "").split("/");
    const first = firstAsked.get(request.url ?? "") ?? performance.now();
    firstAsked.set(request.url ?? "", first);
    if (kind === "after") await wait(Number(seconds) * 1000);
    const isOver = performance.now() - first >= Number(seconds) * 1000;
    const status = isOver ? "Completed" : "Running";
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ status }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    after: (seconds) => `${base}/after/${seconds}`,
    job: (seconds) => `${base}/job/${seconds}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
