import { createHash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { filePieces } from "../filePieces.js";
import { formatPath, type PathSegment, parsePath } from "./propertyPath.js";

/** The member that marks a secret, an asset or another special value in Pulumi's wire format, and its values. */
const signature = "4dabf18193072939515e22adb298388d";
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
} as const;

/** A file among the inputs: what it holds is compared, where it lies is not. */
type FileInput = {
  readonly assetPath: string;
  readonly assetSha256: string;
};

/** What stands in a preview for a value that is not known before the deployment. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The property paths of what is marked as a secret; every item of a list is `[*]`. */
export function secretPaths(value: Json, at: readonly PathSegment[] = []): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item: Json) => secretPaths(item, [...at, "*"])))];
  if (!isJsonObject(value)) return [];
  if (value[signature] === signatures.secret) return [formatPath(at)];
  return Object.entries(value).flatMap(([name, inner]) => secretPaths(inner, [...at, name]));
}

/** Marks what is at these property paths as secret, as far as there is something. */
export function withSecrets(value: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce((marked: Json, path) => markedAt(marked, parsePath(path)), value) as JsonObject;
}

function markedAt(value: Json, [segment, ...inside]: readonly PathSegment[]): Json {
  if (segment === undefined) {
    return isJsonObject(value) && value[signature] === signatures.secret
      ? value
      : { [signature]: signatures.secret, value };
  }
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (segment === "*" || segment === index ? markedAt(item, inside) : item));
  }
  if (!isJsonObject(value)) return value;
  const inner = value[segment];
  return inner === undefined ? value : { ...value, [segment]: markedAt(inner, inside) };
}

/** Pulumi's wire values as plain JSON: secrets bare, files as `FileInput`, resources as their id, absent members left out. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => plain(item));
  if (!isJsonObject(value)) return value;
  switch (value[signature]) {
    case undefined:
      return plainObject(value);
    case signatures.secret:
      return plain(value["value"] ?? null);
    case signatures.asset:
      return fileInput(value);
    case signatures.resource:
      return value["id"] ?? value["urn"] ?? null;
    default:
      throw new Error("an input holds an archive or another value that the emulator does not support");
  }
}

/** The same for a whole resource. */
export function plainObject(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, plain(inner)]),
  );
}

/** The value without what two equal deployments may differ in: the place of a file. */
export function comparable(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => comparable(item));
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).filter((name) => name !== "assetPath");
  return Object.fromEntries(names.map((name) => [name, comparable(value[name] ?? null)]));
}

/** The new inputs with each ignored property path as it was. */
export function withIgnored(news: JsonObject, olds: JsonObject, ignored: readonly string[]): JsonObject {
  return ignored.reduce((inputs: Json, path) => keepOld(inputs, olds, parsePath(path)), news) as JsonObject;
}

function keepOld(news: Json, olds: Json, [segment, ...inside]: readonly PathSegment[]): Json {
  if (segment === undefined) return olds;
  if (Array.isArray(news)) {
    return news.map((item: Json, index) => {
      const old: Json | undefined = Array.isArray(olds) ? (olds as readonly Json[])[index] : undefined;
      return old !== undefined && (segment === "*" || segment === index) ? keepOld(item, old, inside) : item;
    });
  }
  if (!isJsonObject(news)) return news;
  if (segment === "*") {
    return Object.keys(news).reduce((kept: Json, name) => keepOld(kept, olds, [name, ...inside]), news);
  }
  const { [segment]: current, ...rest } = news;
  const old = isJsonObject(olds) ? olds[segment] : undefined;
  if (inside.length === 0) return old === undefined ? rest : { ...rest, [segment]: old };
  return current === undefined ? news : { ...rest, [segment]: keepOld(current, old ?? {}, inside) };
}

function fileInput(asset: JsonObject): FileInput {
  const { path: place, text, uri, hash } = asset;
  // an engine says what the file held, that of an earlier deployment without its place: it may have changed since
  const known = typeof hash === "string" && hash !== "" ? hash : undefined;
  if (!text && !uri && known) return { assetPath: typeof place === "string" ? place : "", assetSha256: known };
  if (typeof place !== "string") throw new Error("the emulator supports files as assets, not texts or addresses");
  const hashed = createHash("sha256");
  for (const piece of filePieces(place)) hashed.update(piece);
  return { assetPath: place, assetSha256: hashed.digest("hex") };
}
