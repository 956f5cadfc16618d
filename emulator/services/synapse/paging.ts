import { z } from "zod";
import { badRequest } from "./errors.js";

const place = z.object({ offset: z.int().nonnegative(), newest: z.int().nonnegative().optional() });

/** Where the next page begins; `newest` keeps rows out that were written after the first page. */
export type Place = z.infer<typeof place>;

/** An opaque continuation token. */
export function encodePlace(value: Place): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The place that a token stands for; undefined without a token. */
export function decodePlace(token: unknown): Place | undefined {
  if (token === undefined || token === null || token === "") return undefined;
  const parsed = place.safeParse(parseOrUndefined(Buffer.from(String(token), "base64url").toString("utf8")));
  if (!parsed.success) throw badRequest("The continuation token is not valid.");
  return parsed.data;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
