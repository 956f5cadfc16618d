import type { Document, Element, Node } from "@xmldom/xmldom";
import { valueText } from "./text.js";
import { isValueArray, isValueObject, type Value, type ValueObject } from "./values.js";
import { childrenOf, escapedXml, nodeTypes } from "./xml.js";

/**
 * A document as Newtonsoft's converter writes it: attributes as `@name`, text beside elements as `#text`, repeated
 * elements as an array, the declaration as `?xml`.
 */
export function xmlToValue(document: Document): Value {
  return membersOf(childrenOf(document));
}

/** An object with one root as XML text, by the same rules; undefined when it has none or several. */
export function valueToXml(value: ValueObject): string | undefined {
  const declaration = value.get("?xml");
  const roots = [...value].filter(([key]) => key !== "?xml");
  const [name, root = null] = roots[0] ?? [];
  if (roots.length !== 1 || name === undefined || isValueArray(root) || !isName(name)) return undefined;
  const element = elementText(name, root);
  if (element === undefined || !isValueObject(declaration)) return element;
  const attributes = [...declaration].map(([key, each]) => ` ${key.replace("@", "")}="${valueText(each)}"`);
  return `<?xml${attributes.join("")}?>${element}`;
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
      return [`?${node.nodeName}`, instructionValue(node.nodeValue ?? "")];
    default:
      return ["#text", node.nodeValue ?? ""];
  }
}

function elementValue(element: Element): Value {
  const nodes = [...element.attributes, ...childrenOf(element)];
  const [only] = nodes;
  if (only === undefined) return null;
  return nodes.length === 1 && only.nodeType === nodeTypes.text ? (only.nodeValue ?? "") : membersOf(nodes);
}

function instructionValue(text: string): Value {
  const attributes = [...text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return new Map(attributes.map(([, name, double, single]) => [`@${name}`, double ?? single ?? ""]));
}

/** Undefined when something in the value has no name in XML. */
function elementText(name: string, value: Value): string | undefined {
  if (!isValueObject(value)) {
    const text = typeof value === "boolean" ? String(value) : valueText(value);
    return text === "" ? `<${name} />` : `<${name}>${escapedXml(text)}</${name}>`;
  }
  let [attributes, inside] = ["", ""];
  for (const [key, member] of value) {
    if (key.startsWith("@")) {
      if (!isName(key.slice(1))) return undefined;
      attributes += ` ${key.slice(1)}="${escapedXml(valueText(member)).replaceAll('"', "&quot;")}"`;
    } else if (key === "#text") inside += escapedXml(valueText(member));
    else if (key === "#cdata-section") inside += `<![CDATA[${valueText(member)}]]>`;
    else {
      const elements = (isValueArray(member) ? member : [member]).map((each) =>
        isName(key) && !isValueArray(each) ? elementText(key, each) : undefined,
      );
      if (elements.includes(undefined)) return undefined;
      inside += elements.join("");
    }
  }
  return inside === "" ? `<${name}${attributes} />` : `<${name}${attributes}>${inside}</${name}>`;
}

const isName = (text: string) => /^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(text);
