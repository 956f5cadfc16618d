import http from "node:http";
import { systemClock } from "../contract/clock.js";
import { controlHeader } from "./control.js";
import type { Announcement } from "./stateFolder.js";

/** An emulator that runs answers its control route at once. */
const answerDeadlineMs = 2_000;

/**
 * Sends a request (with JSON, where there is a body) to a running emulator's own routes. Undefined when nobody listens,
 * which is how a killed emulator looks, or somebody else who does not answer.
 */
export function askControl(
  announcement: Announcement,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<http.IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const answered = new AbortController();
    const settle = (response: http.IncomingMessage | undefined) => {
      answered.abort();
      resolve(response);
    };
    const request = http
      .request({
        host: "127.0.0.1",
        port: announcement.port,
        method,
        path,
        agent: false,
        headers: {
          [controlHeader]: announcement.token,
          ...(body && { "content-type": "application/json" }),
        },
      })
      .on("response", settle)
      .on("error", () => settle(undefined));
    request.end(body && JSON.stringify(body));
    // only the beginning of an answer is waited for: a lease's lasts
    const giveUp = () => void request.destroy();
    systemClock()
      .sleep(answerDeadlineMs, answered.signal)
      .then(giveUp, () => {});
  });
}
