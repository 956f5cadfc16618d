import { createRequire } from "node:module";
import { DOMParser, type Document, type Element, type Node } from "@xmldom/xmldom";

/** As deep as a document may nest: what walks it is recursive. */
const maxDepth = 500;

// its types would bring the browser's globals into the whole program
const { select } = createRequire(import.meta.url)("xpath") as {
  select(path: string, document: Node): readonly Node[] | string | number | boolean;
};

/** The kinds of nodes (DOM's `nodeType`). */
export const nodeTypes = {
  element: 1,
  attribute: 2,
  text: 3,
  cdata: 4,
  instruction: 7,
  comment: 8,
  document: 9,
} as const;

/**
 * Parses a document, without the blanks between its elements; undefined when it is not well-formed. An empty text inside
 * keeps `<a></a>` apart from `<a/>`, which .NET does.
 */
export function parseXml(text: string): Document | undefined {
  try {
    const onError = (level: string, message: string) => {
      if (level !== "warning") throw new Error(message);
    };
    const document = new DOMParser({ onError }).parseFromString(text, "application/xml");
    return tidied(document, text.split(/\r\n?|\n/), 0) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** What a path selects: nodes, or a scalar; undefined when the path is not valid XPath 1.0. */
export function selectXml(document: Document, path: string): readonly Node[] | string | number | boolean | undefined {
  try {
    return select(path, document);
  } catch {
    return undefined;
  }
}

/** Namespaces by prefix (the default one by the empty prefix) that are declared around a node. */
type Scope = ReadonlyMap<string, string>;

const documentScope: Scope = new Map([
  ["", ""],
  ["xml", "http://www.w3.org/XML/1998/namespace"],
  ["xmlns", "http://www.w3.org/2000/xmlns/"],
]);

/** A node as .NET writes it: `<b />` for an empty element, and with the namespaces that are declared outside of it. */
export function xmlText(node: Node, scope = documentScope): string {
  const value = node.nodeValue ?? "";
  switch (node.nodeType) {
    case nodeTypes.element:
      return elementText(node as Element, scope);
    case nodeTypes.attribute:
      return `${node.nodeName}="${escapedAttribute(value)}"`;
    case nodeTypes.text:
      return escapedXml(value);
    case nodeTypes.cdata:
      return `<![CDATA[${value}]]>`;
    case nodeTypes.instruction:
      return `<?${node.nodeName} ${value}?>`;
    case nodeTypes.comment:
      return `<!--${value}-->`;
    default:
      return childrenOf(node)
        .map((child) => xmlText(child))
        .join("");
  }
}

/** The nodes directly in a node. */
export const childrenOf = (node: Node): readonly Node[] => [...node.childNodes];

function elementText(element: Element, around: Scope): string {
  const attributes = [...element.attributes];
  const scope = new Map(around);
  for (const { prefix, name, value } of attributes) {
    if (name === "xmlns") scope.set("", value);
    if (prefix === "xmlns") scope.set(name.slice("xmlns:".length), value);
  }
  const written = attributes.map((attribute) => xmlText(attribute));
  for (const { prefix, namespaceURI } of [element, ...attributes.filter((attribute) => attribute.prefix)]) {
    const [name, uri] = [prefix ?? "", namespaceURI ?? ""];
    if (scope.get(name) === uri) continue;
    scope.set(name, uri);
    written.push(`${name === "" ? "xmlns" : `xmlns:${name}`}="${escapedXml(uri)}"`);
  }
  const start = [element.tagName, ...written].join(" ");
  const inside = childrenOf(element).map((child) => xmlText(child, scope));
  return inside.length === 0 ? `<${start} />` : `<${start}>${inside.join("")}</${element.tagName}>`;
}

/** Text as it stands in an attribute. */
export const escapedAttribute = (text: string) =>
  escapedXml(text)
    .replaceAll('"', "&quot;")
    .replace(/[\t\n\r]/g, (blank) => `&#x${blank.charCodeAt(0).toString(16).toUpperCase()};`);

/** Text as it stands between tags. */
export const escapedXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Takes the blanks between elements out; false when the document is too deep. */
function tidied(node: Node, lines: readonly string[], depth: number): boolean {
  if (depth > maxDepth) return false;
  for (const child of childrenOf(node)) {
    if (child.nodeType === nodeTypes.text && (child.nodeValue ?? "").trim() === "") node.removeChild(child);
    else if (!tidied(child, lines, depth + 1)) return false;
  }
  const isEmpty = node.nodeType === nodeTypes.element && node.childNodes.length === 0;
  const empty = isEmpty && hasEndTag(node, lines) ? node.ownerDocument?.createTextNode("") : undefined;
  if (empty) node.appendChild(empty);
  return true;
}

/** Whether the tag at the element's place is not closed in itself (`<a x="/>" />`). */
function hasEndTag({ lineNumber = 1, columnNumber = 1 }: Node, lines: readonly string[]): boolean {
  const rest = [(lines[lineNumber - 1] ?? "").slice(columnNumber - 1), ...lines.slice(lineNumber)].join("\n");
  const tag = /^<(?:"[^"]*"|'[^']*'|[^"'>])*>/.exec(rest);
  return tag !== null && !tag[0].endsWith("/>");
}
