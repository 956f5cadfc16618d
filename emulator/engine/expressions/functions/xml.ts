import type { Document, Node } from "@xmldom/xmldom";
import { binaryContent } from "../text.js";
import { isValueObject, type Value } from "../values.js";
import { nodeTypes, parseXml, selectXml, xmlText } from "../xml.js";
import { valueToXml, xmlToValue } from "../xmlJson.js";
import { argument, type ExpressionFunction, textArgument, wrongType, wrongValue } from "./function.js";

/** XML values are binary objects of this type: `string` gives their text. */
const contentType = "application/xml;charset=utf-8";

export const xmlFunctions: readonly ExpressionFunction[] = [
  { name: "xml", counts: [1, 1], call: xml },
  { name: "xpath", counts: [2, 2], call: xpath },
];

/** The JSON of an XML value for `json`; undefined when the value is no XML. */
export function jsonOfXml(value: Value): Value | undefined {
  const document = documentOf("json", value);
  return document && xmlToValue(document);
}

function xml(args: readonly Value[]): Value {
  const value = argument(args, 0);
  if (typeof value !== "string" && !isValueObject(value)) return wrongType("xml", 0, "String or Object", value);
  const text = typeof value === "string" ? value : objectText(value);
  if (text === undefined) return wrongValue("xml", "the object must have one root");
  if (text === "" && value !== "") return xmlValue("");
  const document = parseXml(text) ?? wrongValue("xml", "the text is not well-formed XML");
  return xmlValue(xmlText(document));
}

function objectText(value: ReadonlyMap<string, Value>): string | undefined {
  return binaryContent(value)?.toString("utf8") ?? valueToXml(value);
}

function xpath(args: readonly Value[]): Value {
  const document = documentOf("xpath", argument(args, 0)) ?? wrongType("xpath", 0, "Xml", argument(args, 0));
  const selected = selectXml(document, textArgument("xpath", args, 1));
  if (selected === undefined) return wrongValue("xpath", "the path is not valid XPath");
  if (typeof selected !== "object") return selected;
  return selected.filter((node) => !isEmptyText(node)).map(selectedValue);
}

/** Elements stay XML, text and attributes become text. */
function selectedValue(node: Node): Value {
  const value = node.nodeValue ?? "";
  switch (node.nodeType) {
    case nodeTypes.element:
    case nodeTypes.document:
      return xmlValue(xmlText(node));
    case nodeTypes.attribute:
      return `${node.nodeName}="${value}"`;
    case nodeTypes.text:
    case nodeTypes.cdata:
      return value;
    default:
      return wrongValue("xpath", "the path selects nodes other than elements, attributes and texts");
  }
}

const isEmptyText = ({ nodeType, nodeValue }: Node) => nodeType === nodeTypes.text && nodeValue === "";

/** The document of an XML value; undefined for any other value. */
function documentOf(name: string, value: Value): Document | undefined {
  if (!isValueObject(value)) return undefined;
  const type = value.get("$content-type");
  const content = typeof type === "string" && /\bxml\b/i.test(type) ? binaryContent(value) : undefined;
  if (content === undefined) return undefined;
  return parseXml(content.toString("utf8")) ?? wrongValue(name, "the value is not well-formed XML");
}

function xmlValue(text: string): Value {
  return new Map([
    ["$content-type", contentType],
    ["$content", Buffer.from(text, "utf8").toString("base64")],
  ]);
}
