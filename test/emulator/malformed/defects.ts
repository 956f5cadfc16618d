import fc from "fast-check";
import { badJson, nested, placesIn, replaced, wrongJson } from "./content.js";
import { latin1, type WireRequest, withBody, withHeader, withoutHeader } from "./request.js";

/** One way to spoil a request. */
export interface Defect {
  /** Whether every service must refuse it; others may find the request good enough. */
  readonly mustBeRefused: boolean;
  /** Whether it can be done to this request at all. */
  fits?(request: WireRequest): boolean;
  spoil(request: WireRequest): fc.Arbitrary<WireRequest>;
}

const one = (change: (request: WireRequest) => WireRequest) => (request: WireRequest) => fc.constant(change(request));
const of =
  <T>(values: fc.Arbitrary<T>, change: (request: WireRequest, value: T) => WireRequest) =>
  (request: WireRequest) =>
    values.map((value) => change(request, value));
const hasBody = ({ body, plane }: WireRequest) => body !== undefined && plane !== "blob" && plane !== "entra";

const segment = (target: string, change: (path: string) => string) => {
  const [path = "/", ...query] = target.split("?");
  return [change(path), ...query].join("?");
};
const path = (change: (path: string) => string) => (request: WireRequest) => ({
  ...request,
  target: segment(request.target, change),
});
const query = (change: (query: string) => string) => (request: WireRequest) => {
  const [before = "/", after = ""] = request.target.split("?", 2);
  return { ...request, target: `${before}?${change(after)}` };
};
const extra = (name: string, value: string) => (request: WireRequest) => ({
  ...request,
  headers: [...request.headers, [name, value] as const],
});

/** All the ways, by name. */
export const defects: Readonly<Record<string, Defect>> = {
  "bad JSON": { mustBeRefused: true, fits: hasBody, spoil: of(badJson, withBody) },
  "a deeply nested body": {
    mustBeRefused: false,
    fits: hasBody,
    spoil: one((request) => withBody(request, nested(20_000))),
  },
  "deeply nested arrays": {
    mustBeRefused: false,
    fits: hasBody,
    spoil: one((request) => withBody(request, `{"properties":${"[".repeat(50_000)}${"]".repeat(50_000)}}`)),
  },
  "another JSON in place of a member": {
    mustBeRefused: false,
    fits: ({ content }) => content !== undefined,
    spoil: (request) =>
      fc
        .tuple(fc.constantFrom(...placesIn(request.content ?? null)), wrongJson)
        .map(([place, value]) =>
          withBody(request, latin1(JSON.stringify(replaced(request.content ?? null, place, value)))),
        ),
  },
  "another type of content": {
    mustBeRefused: false,
    fits: hasBody,
    spoil: of(
      fc.constantFrom(
        "text/plain",
        "nonsense",
        "application/xml",
        "application/json; charset=utf-7",
        "/",
        "a/b/c",
        ";",
      ),
      (request, type) => withHeader(request, "Content-Type", type),
    ),
  },
  "an encoded body": {
    mustBeRefused: false,
    fits: hasBody,
    spoil: of(fc.constantFrom("gzip", "br", "nonsense"), (request, encoding) =>
      withHeader(request, "Content-Encoding", encoding),
    ),
  },
  "a length that is none": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("-1", "abc", "1e3", "0x10", "1, 2", "99999999999999999999"), (request, length) =>
      withHeader(request, "Content-Length", length),
    ),
  },
  "two lengths": {
    mustBeRefused: true,
    spoil: one((request) => extra("Content-Length", "7")(withHeader(request, "Content-Length", "5"))),
  },
  "a length and chunks": {
    mustBeRefused: true,
    spoil: one((request) => extra("Transfer-Encoding", "chunked")(withHeader(request, "Content-Length", "5"))),
  },
  "chunks of garbage": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("zz\r\n", "-5\r\n12345", "ffffffffffffffffff\r\n", "\r\n\r\n"), (request, chunks) =>
      withBody(withHeader(request, "Transfer-Encoding", "chunked"), chunks),
    ),
  },
  "no Host": { mustBeRefused: true, spoil: one((request) => withoutHeader(request, "Host")) },
  "another Host": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("evil.example", "", "management.azure.com.", "a b", "[::1"), (request, host) =>
      withHeader(request, "Host", host),
    ),
  },
  "two Hosts": { mustBeRefused: true, spoil: one((request) => extra("Host", "evil.example")(request)) },
  "a header too large": {
    mustBeRefused: true,
    spoil: one((request) => withHeader(request, "x-large", "x".repeat(20_000))),
  },
  "a line that is no header": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("no colon here", "\u0000", " folded", "name with blank"), (request, line) => ({
      ...request,
      headers: [...request.headers, [line, "\u0001"] as const],
    })),
  },
  "an odd header": {
    mustBeRefused: false,
    spoil: of(
      fc.tuple(
        fc
          .constantFrom("If-Match", "If-None-Match", "Range", "Accept", "x-ms-client-request-id", "client-request-id")
          .chain((name) => fc.constant(name)),
        fc.constantFrom("", '"', "*", "bytes=9-1", "\xff\xfe", "%00", "a".repeat(5000), "[object Object]"),
      ),
      (request, [name, value]) => withHeader(request, name, value),
    ),
  },
  "another of the service's headers": {
    mustBeRefused: false,
    spoil: of(
      fc.tuple(
        fc.constantFrom("azureml-model-deployment", "x-ms-continuation", "x-ms-date", "x-ms-blob-type", "x-ms-version"),
        fc.constantFrom("", "nonsense", "%", "\xe9", "{}", "9999-99-99", "eyJvZmZzZXQiOi0xfQ=="),
      ),
      (request, [name, value]) => withHeader(request, name, value),
    ),
  },
  "an Authorization that is none": {
    mustBeRefused: false,
    spoil: of(
      fc.constantFrom(
        "",
        "Bearer",
        "Bearer  ",
        "Basic !!!",
        "Basic OjpvOg==",
        "SharedKey a:b",
        "SharedKey",
        "\xff",
        "Bearer a.b.c.d.e",
      ),
      (request, value) => withHeader(request, "Authorization", value),
    ),
  },
  "an expectation": { mustBeRefused: true, spoil: one((request) => withHeader(request, "Expect", "nonsense")) },
  "a bad percent-encoding": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("%", "%zz", "%e0%a4%a", "%ff%fe"), (request, text) =>
      path((before) => before + text)(request),
    ),
  },
  "a path trick": {
    mustBeRefused: false,
    spoil: of(
      fc.constantFrom(
        "%00",
        "%2f",
        "/..",
        "/../..",
        "//",
        "/.",
        "%2e%2e%2f",
        "%E2%82%AC",
        "\xe2\x82\xac",
        ";a=b",
        "*",
        "%25",
        "\\",
        "'\"<>",
      ),
      (request, text) => path((before) => before + text)(request),
    ),
  },
  "a path trick in front": {
    mustBeRefused: false,
    spoil: of(fc.constantFrom("/", "/..", "/%2e%2e", "/%00", "https://evil.example", "*"), (request, text) =>
      path((before) => text + before)(request),
    ),
  },
  "a very long path": { mustBeRefused: true, spoil: one(path((before) => `${before}/${"x".repeat(9_000)}`)) },
  "a blank in the path": { mustBeRefused: true, spoil: one(path((before) => `${before} x`)) },
  "no query": {
    mustBeRefused: false,
    spoil: one((request) => ({ ...request, target: segment(request.target.split("?")[0] ?? "/", (before) => before) })),
  },
  "an odd query": {
    mustBeRefused: false,
    spoil: of(
      fc.constantFrom(
        "api-version=",
        "api-version=nonsense",
        "api-version=2020-12-01&api-version=2021-06-01",
        "api-version=%",
        "api-version=%ff",
        "?api-version=2020-12-01",
        "&&&=&=",
        "__proto__=1&api-version=2024-11-01",
        "api-version[]=7.4",
        "%",
        "restype=container&comp=list&comp=list",
        "$filter='&$top=-1&$skiptoken=x&maxresults=x&restype=x&comp=y",
        "a=1&".repeat(1500),
      ),
      (request, text) => query(() => text)(request),
    ),
  },
  "more in the query": {
    mustBeRefused: false,
    spoil: of(
      fc.constantFrom(
        "$top=x",
        "$filter=x eq",
        "$filter='",
        "maxresults=0",
        "maxresults=-1",
        "$skiptoken=%00",
        "scope=%2f",
        "roleId[]=1",
        "marker=%ff",
        "x=%",
      ),
      (request, text) => query((before) => `${before}&${text.replaceAll(" ", "%20")}`)(request),
    ),
  },
  "another method": {
    mustBeRefused: false,
    spoil: of(
      fc.constantFrom("TRACE", "OPTIONS", "PROPFIND", "LOCK", "SEARCH", "M-SEARCH", "UNLINK"),
      (request, method) => ({
        ...request,
        method,
      }),
    ),
  },
  "a method that is none": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("FOO", "get", "G\u0000T", "", "CONNECT", "GET GET"), (request, method) => ({
      ...request,
      method,
    })),
  },
  "another version of HTTP": {
    mustBeRefused: false,
    spoil: of(fc.constantFrom("HTTP/1.0"), (request, version) => ({ ...request, version })),
  },
  "a version that is none": {
    mustBeRefused: true,
    spoil: of(fc.constantFrom("HTTP/9.9", "HTTP/1.1.1", "http/1.1", "SMTP", ""), (request, version) => ({
      ...request,
      version,
    })),
  },
};
