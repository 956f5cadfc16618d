/** A member's name, an index of a list, or `*` for any of either. */
export type PathSegment = string | number;

/** Reads Pulumi's property path: `properties.sku.name`, `tags["cost.center"]`, `ipRules[2].value`, `ipRules[*].value`. */
export function parsePath(path: string): readonly PathSegment[] {
  const segments: PathSegment[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]"]+)/g)) {
    const [whole, index, quoted, name] = match;
    if (index !== undefined) segments.push(Number(index));
    else if (quoted !== undefined) segments.push(quoted.replaceAll('\\"', '"'));
    else segments.push(whole === "[*]" ? "*" : (name ?? ""));
  }
  return segments;
}

/** Writes Pulumi's property path. */
export function formatPath(segments: readonly PathSegment[]): string {
  return segments.reduce<string>((path, segment) => {
    if (segment === "*") return `${path}[*]`;
    if (typeof segment === "number") return `${path}[${segment}]`;
    if (/[.[\]"]/.test(segment)) return `${path}["${segment.replaceAll('"', '\\"')}"]`;
    return path === "" ? segment : `${path}.${segment}`;
  }, "");
}

/** Whether the value at `path` is the one at `pattern` or inside of it; `*` stands for any one segment. */
export function covers(pattern: readonly PathSegment[], path: readonly PathSegment[]): boolean {
  return pattern.length <= path.length && pattern.every((segment, at) => segment === "*" || segment === path[at]);
}
