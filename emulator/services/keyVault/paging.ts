import type { JsonObject } from "../../../contract/json.js";
import { badParameter } from "./errors.js";

const largestPage = 25;

/** One page of items in a fixed order: `{value, nextLink}`. `url` is the list's own, `query` the request's. */
export function pageOf<T>(
  all: readonly T[],
  request: { readonly url: string; readonly query: unknown },
  show: { readonly keyOf: (item: T) => string; readonly itemOf: (item: T) => JsonObject },
): JsonObject {
  const query = new URLSearchParams(request.query as Record<string, string>);
  const size = Number(query.get("maxresults") ?? largestPage);
  if (!Number.isInteger(size) || size < 1 || size > largestPage) {
    throw badParameter(`The value of maxresults must be between 1 and ${largestPage}.`);
  }
  const after = Buffer.from(query.get("$skiptoken") ?? "", "base64url").toString("utf8");
  const start = after === "" ? 0 : all.findIndex((item) => show.keyOf(item) === after) + 1;
  const page = all.slice(start, start + size);
  const last = page.at(-1);
  const more = last !== undefined && start + size < all.length;
  return { value: page.map(show.itemOf), nextLink: more ? next(request.url, query, show.keyOf(last)) : null };
}

function next(url: string, query: URLSearchParams, last: string): string {
  const following = new URLSearchParams(query);
  following.set("$skiptoken", Buffer.from(last, "utf8").toString("base64url"));
  return `${url}?${following}`;
}
