/** One token of JSON with the space before it (RFC 8259): a mark, a string, or another value. */
const token =
  /[ \t\r\n]*(?:(?<mark>[{}[\],:])|(?<text>"(?:[ !#-[\]-\u{10FFFF}]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/uy;

/** What may stand next; `more` is a comma or the bracket that closes. */
type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "more" | "nothing";
type Bracket = "{" | "[";

/**
 * The index of the character at which a text stops being JSON; its length where it only ends too early. `JSON.parse` tells
 * the place in some of its messages only.
 */
export function endOfJson(text: string): number {
  const open: Bracket[] = [];
  let expected: Expected = "value";
  for (let index = 0; ; ) {
    token.lastIndex = index;
    const groups = token.exec(text)?.groups;
    const next: Expected | undefined =
      groups && after(expected, groups["mark"] ?? (groups["text"] === undefined ? "value" : "text"), open);
    if (next === undefined) return text.length - text.slice(index).replace(/^[ \t\r\n]+/, "").length;
    expected = next;
    index = token.lastIndex;
  }
}

/** What may follow a token; undefined where the token may not stand. Pushes to and pops from `open`. */
function after(expected: Expected, kind: string, open: Bracket[]): Expected | undefined {
  const closes =
    (open.at(-1) === "[" && kind === "]" && (expected === "value or ]" || expected === "more")) ||
    (open.at(-1) === "{" && kind === "}" && (expected === "key or }" || expected === "more"));
  if (closes) open.pop();
  const ended = () => (open.length === 0 ? "nothing" : "more");
  if (closes) return ended();
  switch (expected) {
    case "value":
    case "value or ]":
      if (kind === "value" || kind === "text") return ended();
      if (kind !== "{" && kind !== "[") return undefined;
      open.push(kind);
      return kind === "{" ? "key or }" : "value or ]";
    case "key":
    case "key or }":
      return kind === "text" ? "colon" : undefined;
    case "colon":
      return kind === ":" ? "value" : undefined;
    case "more":
      if (kind !== ",") return undefined;
      return open.at(-1) === "{" ? "key" : "value";
    case "nothing":
      return undefined;
  }
}
