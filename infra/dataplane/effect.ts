import { type Clock, systemClock } from "../../contract/clock.js";
import { azureErrorOf, isUnknownHost } from "./errors.js";
import type { Answer } from "./http.js";

/** How long to wait, in seconds: for rules and roles to take effect, and for a principal to become known. */
export interface Patience {
  readonly effectSeconds: number;
  readonly principalSeconds: number;
}

interface Waitable {
  readonly code: string;
  readonly patience: keyof Patience;
  readonly waitingFor: string;
}

const unknownHost: Waitable = {
  code: "ENOTFOUND",
  patience: "effectSeconds",
  waitingFor: "the workspace's host name",
};

/** The answers that a later attempt may turn into a success, and how long each is worth it; all else fails at once. */
const waitables: readonly Waitable[] = [
  { code: "ClientIpAddressNotAuthorized", patience: "effectSeconds", waitingFor: "the workspace's address rules" },
  { code: "Unauthorized", patience: "effectSeconds", waitingFor: "the deployer's Synapse role" },
  { code: "AADSTS500011", patience: "effectSeconds", waitingFor: "Entra ID to know the Synapse service" },
  { code: "InvalidPrincipalId", patience: "principalSeconds", waitingFor: "the principal to be known" },
];

/** Which entry of the table an answer, or an error's code or message, is. */
export function waitableOf(answer: Answer | Error): Waitable | undefined {
  if (!(answer instanceof Error)) {
    // 403 alone: a 401 with this code is a token that no waiting makes right
    if (answer.status !== 403 && answer.status !== 400) return undefined;
    const { code, message } = azureErrorOf(answer);
    return waitables.find((entry) => entry.code === code || message.includes(entry.code));
  }
  if (isUnknownHost(answer)) return unknownHost;
  return waitables.find((entry) => answer.message.includes(entry.code));
}

/** What the person can do about an answer that stayed: the address that must be allowed, if it names one. */
export function cureOf(answer: Answer): string {
  const { code, message } = azureErrorOf(answer);
  if (code !== "ClientIpAddressNotAuthorized" && !message.includes("ClientIpAddressNotAuthorized")) return "";
  const address = /\d{1,3}(?:\.\d{1,3}){3}/.exec(message)?.[0] ?? "<your address>";
  return `; allow it: pulumi config set --path 'allowedIpAddresses[0]' ${address}`;
}

/** What was said already: resources that wait for the same at the same time say it once. */
const told: Record<string, boolean> = {};

function tell(line: string): void {
  if (!told[line]) console.error(line);
  told[line] = true;
}

/** Repeats the request while its answer is in the table and there is patience left; says what it waits for, and how long. */
export async function untilInEffect(
  patience: Patience,
  request: () => Promise<Answer>,
  clock: Clock = systemClock(),
): Promise<Answer> {
  const start = clock.now().getTime();
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 15_000)) {
    const outcome = await request().catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    const waitable = waitableOf(outcome);
    const leftMs = waitable ? start + patience[waitable.patience] * 1_000 - clock.now().getTime() : 0;
    if (waitable === undefined || leftMs <= 0) {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    }
    tell(`Waiting for ${waitable.waitingFor}, ${patience[waitable.patience]} s at most (${waitable.code})`);
    // a last look when the time is over
    await clock.sleep(Math.min(waitMs, leftMs));
  }
}
