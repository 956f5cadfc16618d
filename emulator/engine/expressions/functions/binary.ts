import { binaryContent, valueText } from "../text.js";
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
  { name: "binary", counts: [1, 1], call: ([value = null]) => binary(bytesOf(present("binary", value)), octets) },
  { name: "dataUri", counts: [1, 1], call: ([value = null]) => dataUri(present("dataUri", value)) },
  ...onText(["dataUriToString", "decodeDataUri"], (name, text) => {
    const { bytes, mediaType } = readDataUri(name, text);
    return bytes.toString(encodingIn(name, mediaType));
  }),
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

/** Padding is needed; blanks and line ends do not count. */
function base64Bytes(name: string, text: string): Buffer {
  const dense = text.replace(/[ \t\r\n]/g, "");
  const valid = dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense);
  return valid ? Buffer.from(dense, "base64") : wrongValue(name, "the text is not valid base64");
}

function present(name: string, value: Value): Value {
  return value === null ? wrongValue(name, "the value is null") : value;
}

function dataUri(value: Value): Value {
  const content = isValueObject(value) ? binaryContent(value) : undefined;
  if (isValueObject(value) && content) {
    return `data:${String(value.get("$content-type"))};base64,${content.toString("base64")}`;
  }
  const mediaType = typeof value === "string" ? "text/plain" : "application/json";
  return `data:${mediaType};charset=utf-8;base64,${bytesOf(value).toString("base64")}`;
}

function readDataUri(name: string, text: string): { readonly bytes: Buffer; readonly mediaType: string } {
  const [, mediaType, parameters = "", base64, data] =
    /^data:([^,;]*)((?:;[^,;=]+=[^,;]*)*)(;base64)?,(.*)$/is.exec(text) ?? [];
  if (mediaType === undefined || data === undefined || (mediaType === "" && parameters !== "")) {
    return wrongValue(name, "the text is not a data URI");
  }
  return {
    bytes: base64 === undefined ? decoded(data) : base64Bytes(name, data),
    mediaType: `${mediaType || "text/plain"}${parameters}`,
  };
}

const encodings: Readonly<Record<string, BufferEncoding>> = { "us-ascii": "ascii", "iso-8859-1": "latin1" };

/** How Node names the charset of a media type; `decodeDataUri` knows more of them than the others. */
function encodingIn(name: string, mediaType: string): BufferEncoding {
  const charset = /;charset=([^;]*)/i.exec(mediaType)?.[1]?.toLowerCase() ?? "utf-8";
  const encoding = charset === "utf-8" ? "utf8" : name === "decodeDataUri" ? encodings[charset] : undefined;
  return encoding ?? wrongValue(name, `the charset '${charset}' is not supported`);
}

/** RFC 3986: everything but the unreserved characters, which `encodeURIComponent` does not quite do. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const decoded = (text: string) => Buffer.from(percentBytes(text.replaceAll("+", " ")));

/** The bytes of a percent-encoded text (`%u00e9` is a code unit); a broken escape stays as it is. */
function percentBytes(text: string): Buffer {
  const units = text.replace(/%u([0-9a-fA-F]{4})/g, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  const parts = units.split(/((?:%[0-9a-fA-F]{2})+)/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll("%", ""), "hex") : Buffer.from(part, "utf8"),
    ),
  );
}
