import { systemClock } from "../../contract/clock.js";
import { refusal } from "./errors.js";
import type { Answer, Http } from "./http.js";

const longestOperationMs = 30 * 60_000;

/**
 * Follows an accepted write to its end, as Azure's services announce it: `azure-asyncoperation` is polled until its
 * `status` is terminal, else `location` until it is not 202 any more. Rejects with the operation's own error.
 */
export async function finished(http: Http, token: string, doing: string, accepted: Answer): Promise<Answer> {
  if (accepted.status >= 400) throw refusal(doing, accepted);
  const clock = systemClock();
  const deadline = clock.now().getTime() + longestOperationMs;
  const operation = accepted.headers["azure-asyncoperation"];
  const url = operation ?? (accepted.status === 202 ? accepted.headers["location"] : undefined);
  if (url === undefined) return accepted;
  for (let waitMs = 100; ; waitMs *= 2) {
    const answer = await http.send({ method: "GET", url, headers: { authorization: `Bearer ${token}` } });
    if (answer.status >= 400) throw refusal(doing, answer);
    const status = String((answer.json as { status?: unknown } | undefined)?.status ?? "").toLowerCase();
    if (status === "failed" || status === "canceled") throw refusal(doing, answer);
    if (operation === undefined ? answer.status !== 202 : status === "succeeded") return answer;
    if (clock.now().getTime() > deadline) throw new Error(`${doing}: not finished after 30 minutes`);
    // most of these end long before the announced time, which is the longest wait between two looks
    const announcedMs = Number(answer.headers["retry-after"] ?? 10) * 1_000;
    await clock.sleep(Math.min(waitMs, Number.isFinite(announcedMs) ? Math.max(announcedMs, 100) : 10_000));
  }
}

/** Probes until what was at `url` is gone (404). Rejects with the service's refusal, or when it stays. */
export async function untilGone(http: Http, token: string, doing: string, url: string): Promise<void> {
  const clock = systemClock();
  const deadline = clock.now().getTime() + longestOperationMs;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    const answer = await http.send({ method: "GET", url, headers: { authorization: `Bearer ${token}` } });
    if (answer.status === 404) return;
    if (answer.status >= 400) throw refusal(doing, answer);
    if (clock.now().getTime() > deadline) throw new Error(`${doing}: still there after 30 minutes`);
    await clock.sleep(waitMs);
  }
}
