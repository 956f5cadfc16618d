/** What a path with `/providers/` addresses. */
export interface ResourceTarget {
  /** The segments before the last `providers`: a subscription, a group, a resource, or none (the tenant). */
  readonly scope: readonly string[];
  readonly namespace: string;
  readonly types: readonly string[];
  /** One for each type; one fewer when the path ends with a type: a list, or the action of a POST. */
  readonly names: readonly string[];
}

/** Reads the last `/providers/<namespace>/<type>/<name>…` of a path; undefined when there is none. */
export function parseTarget(segments: readonly string[]): ResourceTarget | undefined {
  const at = segments.findLastIndex(
    (segment, index) => segment.toLowerCase() === "providers" && segments[index + 1]?.includes("."),
  );
  const namespace = segments[at + 1];
  const rest = segments.slice(at + 2);
  if (at < 0 || namespace === undefined || rest.length === 0) return undefined;
  return {
    scope: segments.slice(0, at),
    namespace,
    types: rest.filter((_segment, index) => index % 2 === 0),
    names: rest.filter((_segment, index) => index % 2 === 1),
  };
}

/** The path and query of a request target; undefined when it is not validly encoded. Query names become lower case. */
export function parseUrl(url: string): { segments: string[]; query: Map<string, string> } | undefined {
  const [path = "", search = ""] = url.split("?", 2);
  try {
    const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
    const query = new Map(
      [...new URLSearchParams(search)].map(([name, value]) => [name.toLowerCase(), value] as const),
    );
    return { segments, query };
  } catch {
    return undefined;
  }
}
