import { isDeepStrictEqual } from "node:util";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { plain, plainObject } from "../deploy/properties.js";

type Struct = struct.Struct;

/** A message's properties in Pulumi's wire format (google.protobuf.Struct): files and other special values are marked objects. */
export function wireProperties(message: Struct | undefined): JsonObject {
  return (message?.toJavaScript() ?? {}) as JsonObject;
}

/** The same in plain JSON, as a `ResourceProvider` takes them. */
export function plainProperties(message: Struct | undefined): JsonObject {
  return plainObject(wireProperties(message));
}

/** Properties as a message has them. */
export function structOf(properties: JsonObject): Struct {
  return struct.Struct.fromJavaScript(properties);
}

/**
 * Plain values back in the wire format that they came in: what a provider left as it was goes back as it was sent, so
 * that the engine sees its own files again; what it filled in or changed goes as it is.
 */
export function asSent(sent: Json | undefined, value: Json): Json {
  if (sent === undefined) return value;
  if (isDeepStrictEqual(plain(sent), value)) return sent;
  if (!isJsonObject(sent) || !isJsonObject(value)) return value;
  return objectAsSent(sent, value);
}

/** The same for a whole resource. */
export function objectAsSent(sent: JsonObject, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asSent(sent[name], inner)]));
}
