import { isJsonObject, type Json, type JsonObject } from "../../../../contract/json.js";

const mask = "**********";
/** What the service takes out of a connection string before it shows it. */
const secretPart = /\b(AccountKey|Password|Pwd|SharedAccessKey|SharedAccessSignature)\s*=\s*[^;]*(;|$)/gi;

/** The definition as a GET shows it: a SecureString masked, and no secret part in a connection string. */
export function withoutSecrets(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((element) => shown(name, element));
  if (isJsonObject(value)) {
    return value["type"] === "SecureString" ? { ...value, value: mask } : withoutSecrets(value);
  }
  const isConnection = typeof value === "string" && /connectionstring$/i.test(name);
  return isConnection ? value.replaceAll(secretPart, "") : value;
}
