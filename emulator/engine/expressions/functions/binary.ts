import { binaryContent, jsonText, valueText } from "../text.js";
import { isValueArray, isValueObject, type Value } from "../values.js";
import { argument, type ExpressionFunction, textArgument, wrongType, wrongValue } from "./function.js";

const octets = "application/octet-stream";

/** Two names for one function: the page lists both. */
const onText = (names: readonly string[], convert: (name: string, text: string) => Value): ExpressionFunction[] =>
  names.map((name) => ({ name, counts: [1, 1], call: (args) => convert(name, textArgument(name, args, 0)) }));

/** Base64, data URIs, percent encoding and binary objects (`$content-type`, `$content`). */
export const binaryFunctions: readonly ExpressionFunction[] = [
  { name: "base64", counts: [1, 1], call: base64 },
  ...onText(["base64ToString", "decodeBase64"], (name, text) => base64Bytes(name, text).toString("utf8")),
  ...onText(["base64ToBinary"], (name, text) => binary(base64Bytes(name, text), octets)),
  { name: "binary", counts: [1, 1], call: ([value = null]) => binary(bytesOf(value), octets) },
  { name: "dataUri", counts: [1, 1], call: ([value = null]) => dataUri(value) },
  ...onText(["dataUriToString", "decodeDataUri"], (name, text) => readDataUri(name, text).bytes.toString("utf8")),
  ...onText(["dataUriToBinary"], (name, text) => {
    const { bytes, mediaType } = readDataUri(name, text);
    return binary(bytes, mediaType);
  }),
  ...["uriComponent", "encodeUriComponent"].map(
    (name): ExpressionFunction => ({ name, counts: [1, 1], call: ([value = null]) => percentEncode(valueText(value)) }),
  ),
  ...onText(["uriComponentToString", "decodeUriComponent"], (_name, text) => decoded(text).toString("utf8")),
  ...onText(["uriComponentToBinary"], (_name, text) => binary(decoded(text), octets)),
];

function base64(args: readonly Value[]): Value {
  const value = argument(args, 0);
  if (typeof value !== "string" && !isValueObject(value) && !isValueArray(value)) {
    return wrongType("base64", 0, "String, Object or Array", value);
  }
  return bytesOf(value).toString("base64");
}

function bytesOf(value: Value): Buffer {
  const content = isValueObject(value) ? binaryContent(value) : undefined;
  return content ?? Buffer.from(typeof value === "string" ? value : valueText(value), "utf8");
}

function binary(bytes: Buffer, contentType: string): Value {
  return new Map([
    ["$content-type", contentType],
    ["$content", bytes.toString("base64")],
  ]);
}

function base64Bytes(name: string, text: string): Buffer {
  const valid = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return valid ? Buffer.from(text, "base64") : wrongValue(name, "the text is not valid base64");
}

function dataUri(value: Value): Value {
  const content = isValueObject(value) ? binaryContent(value) : undefined;
  const structured = content === undefined && (isValueObject(value) || isValueArray(value));
  const bytes = content ?? Buffer.from(structured ? jsonText(value) : valueText(value), "utf8");
  const mediaType = structured ? "application/json" : "text/plain";
  return `data:${mediaType};charset=utf-8;base64,${bytes.toString("base64")}`;
}

function readDataUri(name: string, text: string): { bytes: Buffer; mediaType: string } {
  const [, header, data] = /^data:([^,]*),(.*)$/s.exec(text) ?? [];
  if (header === undefined || data === undefined) return wrongValue(name, "the text is not a data URI");
  const encoded = /;base64$/i.test(header);
  const mediaType = header.replace(/;base64$/i, "") || "text/plain;charset=US-ASCII";
  return { bytes: encoded ? base64Bytes(name, data) : Buffer.from(percentBytes(data)), mediaType };
}

/** RFC 3986: everything but the unreserved characters, which `encodeURIComponent` does not quite do. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const decoded = (text: string) => Buffer.from(percentBytes(text.replaceAll("+", " ")));

/** The bytes of a percent-encoded text; a broken escape stays as it is. */
function percentBytes(text: string): Buffer {
  const parts = text.split(/((?:%[0-9a-fA-F]{2})+)/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll("%", ""), "hex") : Buffer.from(part, "utf8"),
    ),
  );
}
