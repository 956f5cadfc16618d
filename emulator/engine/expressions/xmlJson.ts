import type { Document, Element, Node } from "@xmldom/xmldom";
import { valueText } from "./text.js";
import { isValueArray, isValueObject, type Value, type ValueObject } from "./values.js";
import { childrenOf, escapedAttribute, escapedXml, nodeTypes } from "./xml.js";

/**
 * A document as Newtonsoft's converter writes it: attributes as `@name`, text beside elements as `#text`, repeated
 * elements as an array, the declaration as `?xml`.
 */
export function xmlToValue(document: Document): Value {
  return membersOf(childrenOf(document));
}

/**
 * An object with one root as XML text, by the same rules; empty for an object without one, undefined when it has several.
 */
export function valueToXml(value: ValueObject): string | undefined {
  const declaration = value.get("?xml");
  const roots = [...value].flatMap(([key, each]) => (key === "?xml" ? [] : elementsText(key, each)));
  if (roots.length > 1 || [...value.keys()].some((key) => /^[@#]/.test(key))) return undefined;
  const attributes = isValueObject(declaration) ? [...declaration] : [];
  const written = attributes.map(([key, each]) => ` ${key.replace("@", "")}="${escapedAttribute(plainText(each))}"`);
  return `${isValueObject(declaration) ? `<?xml${written.join("")}?>` : ""}${roots.join("")}`;
}

function membersOf(nodes: readonly Node[]): ValueObject {
  const members = new Map<string, Value>();
  for (const node of nodes) {
    if (node.nodeType === nodeTypes.comment) continue;
    const [name, value] = memberOf(node);
    const before = members.get(name);
    if (before === undefined) members.set(name, value);
    else members.set(name, [...(isValueArray(before) ? before : [before]), value]);
  }
  return members;
}

function memberOf(node: Node): [string, Value] {
  switch (node.nodeType) {
    case nodeTypes.element:
      return [node.nodeName, elementValue(node as Element)];
    case nodeTypes.attribute:
      return [`@${node.nodeName}`, node.nodeValue ?? ""];
    case nodeTypes.cdata:
      return ["#cdata-section", node.nodeValue ?? ""];
    case nodeTypes.instruction:
      return [`?${node.nodeName}`, instructionValue(node.nodeName, node.nodeValue ?? "")];
    default:
      return ["#text", node.nodeValue ?? ""];
  }
}

function elementValue(element: Element): Value {
  const inside = childrenOf(element);
  const nodes = [...element.attributes, ...inside.filter(({ nodeValue }) => nodeValue !== "")];
  const [only] = nodes;
  if (only === undefined) return inside.length === 0 ? null : "";
  return nodes.length === 1 && only.nodeType === nodeTypes.text ? (only.nodeValue ?? "") : membersOf(nodes);
}

/** The declaration's attributes; any other instruction's text. */
function instructionValue(name: string, text: string): Value {
  if (name !== "xml") return text;
  const attributes = [...text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return new Map(attributes.map(([, name, double, single]) => [`@${name}`, double ?? single ?? ""]));
}

/** One element for each value under a name. */
const elementsText = (name: string, value: Value): readonly string[] =>
  (isValueArray(value) ? value : [value]).map((each) => elementText(elementName(name), each));

function elementText(name: string, value: Value): string {
  if (value === null) return `<${name} />`;
  if (!isValueObject(value)) {
    const text = isValueArray(value) ? elementsText(name, value).join("") : escapedXml(plainText(value));
    return `<${name}>${text}</${name}>`;
  }
  let [attributes, inside] = ["", ""];
  for (const [key, member] of value) {
    if (key.startsWith("@")) attributes += ` ${elementName(key.slice(1))}="${escapedAttribute(plainText(member))}"`;
    else if (key === "#text") inside += escapedXml(plainText(member));
    else if (key === "#cdata-section") inside += `<![CDATA[${plainText(member)}]]>`;
    else inside += elementsText(key, member).join("");
  }
  return inside === "" ? `<${name}${attributes} />` : `<${name}${attributes}>${inside}</${name}>`;
}

const plainText = (value: Value) => (typeof value === "boolean" ? String(value) : valueText(value));

/** The key as .NET makes a name of it: what cannot stand in one becomes its code (`_x0020_`). */
const elementName = (key: string) =>
  key.replace(/^[^\p{L}_]|(?!^)[^\p{L}\p{N}_.:-]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `_x${code.padStart(4, "0")}_`;
  });
