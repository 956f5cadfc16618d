import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A server whose answers take as long as they are asked to, which no pipeline's definition tells. */
export interface SlowServer {
  /** Answers with 200 after that time; seconds. */
  after(seconds: number): string;
  /** Answers `{"status": "Running"}`, and `Completed` from that time after the first request on; seconds. */
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
