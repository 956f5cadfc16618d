import { type Dispatcher, request } from "undici";

const warmUpMs = 1_500;
const measuredMs = 4_000;

/** How many clients ask at a time, each on a connection of its own that it keeps. */
export const clients = 16;

export interface Load {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Lets every client ask for the same thing, one request after the other; any answer but 200 fails. */
export async function load(
  dispatcher: Dispatcher,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Load> {
  const times: number[] = [];
  const started = performance.now();
  const from = started + warmUpMs;
  const until = from + measuredMs;
  const ask = async () => {
    for (let begun = started; begun < until; begun = performance.now()) {
      const { statusCode, body } = await request(url, { dispatcher, headers });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text}`);
      const ended = performance.now();
      if (begun >= from && ended <= until) times.push(ended - begun);
    }
  };
  await Promise.all(Array.from({ length: clients }, ask));
  times.sort((one, other) => one - other);
  const at = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN;
  return { requestsPerSecond: times.length / (measuredMs / 1000), p50: at(0.5), p99: at(0.99) };
}
