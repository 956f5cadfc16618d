import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";

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

/** Whether the value is marked as a secret, anywhere in it. */
export function holdsSecret(value: Json): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => holdsSecret(item));
  if (!isJsonObject(value)) return false;
  return value[signature] === signatures.secret || Object.values(value).some(holdsSecret);
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

/** The new inputs with each ignored property path (`a.b`) as it was. */
export function withIgnored(news: JsonObject, olds: JsonObject, ignored: readonly string[]): JsonObject {
  return ignored.reduce((inputs, path) => keepOld(inputs, olds, path.split(".")), news);
}

function keepOld(news: JsonObject, olds: JsonObject, [name = "", ...inside]: readonly string[]): JsonObject {
  const { [name]: current, ...rest } = news;
  const old = olds[name];
  if (inside.length === 0) return old === undefined ? rest : { ...rest, [name]: old };
  if (!isJsonObject(current)) return news;
  return { ...rest, [name]: keepOld(current, isJsonObject(old) ? old : {}, inside) };
}

function fileInput(asset: JsonObject): FileInput {
  const place = asset["path"];
  if (typeof place !== "string") throw new Error("the emulator supports files as assets, not texts or addresses");
  return { assetPath: place, assetSha256: createHash("sha256").update(readFileSync(place)).digest("hex") };
}
