import { z } from "zod";

const pattern = z.string().min(1).optional();
const seconds = z.int().min(0).max(3_600);
/** The fault strikes when the service has carried the request out, instead of in its place. */
const after = z.boolean().optional();

/** Which requests are meant and how many of them; `*` in a host or a path stands for any characters, letter case is ignored. */
const where = {
  // as in *.vault.azure.net; absent: every host
  host: pattern,
  // without the query, as in /queryPipelineRuns; absent: every path
  path: pattern,
  method: pattern,
  /** At most so many requests; absent: until the fault is cleared. */
  count: z.int().min(1).optional(),
  /** Each request that is meant with this probability; absent: every one. */
  probability: z.number().gt(0).max(1).optional(),
  /** The same seed strikes the same requests again. */
  seed: z.int().optional(),
};

/** A fault that was asked for: what goes wrong, with which requests, how often. Times are a watch's. */
export const faultRule = z.discriminatedUnion("kind", [
  /** 429 with Retry-After. */
  z.strictObject({ kind: z.literal("throttle"), ...where, retryAfterSeconds: seconds.optional() }),
  /** 503, with Retry-After where one is given. */
  z.strictObject({ kind: z.literal("unavailable"), ...where, retryAfterSeconds: seconds.optional(), after }),
  /** 500. */
  z.strictObject({ kind: z.literal("error"), ...where, after }),
  /** The request waits (a client that gives up meanwhile ends it), or, `after`, its answer does. */
  z.strictObject({ kind: z.literal("latency"), ...where, delayMs: z.int().min(1).max(3_600_000), after }),
  /** The connection is reset without a byte of an answer. */
  z.strictObject({ kind: z.literal("reset"), ...where, after }),
  /** The request is carried out; half of the answer's body comes, then the connection ends. */
  z.strictObject({ kind: z.literal("half-body"), ...where }),
  /** The request's bearer token has expired, whatever it says of itself; a request without one is not meant. */
  z.strictObject({ kind: z.literal("expired-token"), ...where }),
]);

export type FaultRule = z.infer<typeof faultRule>;
