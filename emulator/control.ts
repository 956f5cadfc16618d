import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerFaults } from "./faultRoutes.js";
import type { Faults } from "./platform/faults/faults.js";

/** What the control route answers about a running emulator. */
export interface EmulatorStatus {
  readonly pid: number;
  /** ISO 8601 */
  readonly started: string;
  /** How many times as fast as a watch its time runs. */
  readonly timeScale: number;
  /** How far its clock is ahead of the real one. */
  readonly aheadSeconds: number;
  readonly leases: number;
}

export interface Control {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Resolves as soon as no joined command holds a lease; from then on no new one is given. */
  drained(): Promise<void>;
  /** Ends what waits for a lease to end. */
  close(): void;
}

/** The header that carries the per-start token. */
export const controlHeader = "x-control-token";

/**
 * The emulator's own routes on its loopback port: `GET /status`, `GET /lease`, whose answer lasts as long as the joined
 * command, and `/faults`. A page in a browser can reach neither: any Origin, any other Host and a wrong token are refused.
 */
export function createControl(options: {
  readonly token: string;
  readonly started: Date;
  readonly timeScale: number;
  readonly aheadMs: () => number;
  readonly faults: Faults;
}): Control {
  const leases = new Set<ServerResponse>();
  let draining = false;
  let noticeEmpty = () => {};
  return {
    handle(request, response) {
      const refusal = refusalOf(request, options.token);
      if (refusal) return answer(response, refusal.status, { error: refusal.message });
      if (request.method === "GET" && request.url === "/status") {
        const status: EmulatorStatus = {
          pid: process.pid,
          started: options.started.toISOString(),
          timeScale: options.timeScale,
          aheadSeconds: Math.max(0, Math.round(options.aheadMs() / 1_000)),
          leases: leases.size,
        };
        return answer(response, 200, status);
      }
      if (request.method === "GET" && request.url === "/lease") {
        if (draining) return answer(response, 503, { error: "The emulator is ending." });
        leases.add(response);
        response.on("close", () => {
          leases.delete(response);
          if (leases.size === 0) noticeEmpty();
        });
        response.writeHead(200, { "content-type": "text/plain" });
        response.write("held\n");
        return;
      }
      if (/^\/faults(\/|$)/.test(String(request.url))) {
        void answerFaults(request, options.faults).then(({ status, body }) => answer(response, status, body));
        return;
      }
      answer(response, 404, { error: `No such route: ${request.method} ${request.url}` });
    },
    async drained() {
      if (leases.size > 0) {
        await new Promise<void>((resolve) => {
          noticeEmpty = resolve;
        });
      }
      draining = true;
    },
    close() {
      draining = true;
      for (const lease of leases) lease.destroy();
    },
  };
}

function refusalOf(request: IncomingMessage, token: string): { status: number; message: string } | undefined {
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) {
    return { status: 421, message: "This port is an HTTPS proxy; its own routes answer to 127.0.0.1 only." };
  }
  if (request.headers.origin !== undefined) return { status: 403, message: "Requests of a web page are refused." };
  if (!sameToken(request.headers[controlHeader], token)) {
    return { status: 401, message: "The token of the state folder is missing or wrong." };
  }
  return undefined;
}

/** In the same time whatever the difference is, so that the token cannot be guessed piece by piece. */
function sameToken(given: string | string[] | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return typeof given === "string" && timingSafeEqual(digest(given), digest(token));
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
