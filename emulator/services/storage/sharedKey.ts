import { createHmac } from "node:crypto";
import { partsOf } from "./operations.js";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The standard headers of the string to sign, in its order. */
const signedHeaders = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

/**
 * The Authorization header that the account's key gives a request (Storage REST API, "Authorize with Shared Key", for
 * versions since 2015-02-21). `url` is the path and query as sent; header names are in lower case.
 */
export function sharedKeyAuthorization(
  request: { readonly method: string; readonly url: string; readonly headers: Headers },
  account: string,
  key: string,
): string {
  const { headers } = request;
  const standard = signedHeaders.map((name) => {
    const value = textOf(headers[name]);
    return name === "content-length" && value === "0" ? "" : value;
  });
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort((one, other) => one.localeCompare(other))
    .map((name) => `${name}:${textOf(headers[name]).trimStart()}\n`);
  const text = `${[request.method.toUpperCase(), ...standard].join("\n")}\n${own.join("")}/${account}${resourceOf(request.url)}`;
  return `SharedKey ${account}:${createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64")}`;
}

function resourceOf(url: string): string {
  const { path, query } = partsOf(url);
  const parameters = new Map<string, string>();
  for (const part of query.split("&")) {
    const [name = "", value, ...more] = part.split("=");
    if (name !== "" && value !== undefined && more.length === 0) {
      parameters.set(name.toLowerCase(), decodeURIComponent(value.replaceAll("+", "%20")));
    }
  }
  const lines = [...parameters]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `\n${name}:${value}`);
  return path + lines.join("");
}

const textOf = (value: string | readonly string[] | undefined) =>
  typeof value === "object" ? value.join(",") : (value ?? "");
