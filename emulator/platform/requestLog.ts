import { redact } from "../../contract/redaction.js";

/** A request as the log names it: never its query or its body, which may hold secrets. */
export interface RequestPlace {
  readonly method: string;
  readonly host: string | undefined;
  /** The route's pattern, or the path. */
  readonly route: string;
}

const maxRouteLength = 200;
/** Of the refusals only those of a request that is wrong in itself: the others are part of ordinary work. */
const malformed: readonly number[] = [400, 405, 408, 411, 413, 414, 415, 417, 421, 431];

/** Logs one line for a request that was refused because it is malformed. */
export function reportRefusal(log: (line: string) => void, place: RequestPlace, status: number): void {
  if (malformed.includes(status)) log(`refused: ${textOf(place)}: ${status}`);
}

/** Logs one line for a request that failed by a bug: the error, and where it was thrown. */
export function reportFault(log: (line: string) => void, place: RequestPlace, thrown: unknown): void {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const [sentence = "", frame = ""] = stack.split("\n");
  log(redact(`failed: ${textOf(place)}: ${sentence.trim()} ${frame.trim()}`.trimEnd()));
}

function textOf({ method, host = "", route }: RequestPlace): string {
  return redact(`${method} https://${host}${route.slice(0, maxRouteLength)}`);
}
