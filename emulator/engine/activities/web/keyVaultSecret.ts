import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import { redact } from "../../../../contract/redaction.js";
import { parseJson } from "../../expressions/json.js";
import { isValueObject } from "../../expressions/values.js";
import { keyVaultApiVersion } from "../../inferred.js";
import { ActivityFailure } from "../activityFailure.js";
import type { ActivityContext } from "../activityType.js";
import { objectAt } from "../dynamic.js";
import { bearer } from "./bearer.js";
import { send } from "./send.js";

const vaultResource = "https://vault.azure.net";
const timeoutMs = 60_000;

/** What is missing in a reference to a secret (`{type: AzureKeyVaultSecret, store, secretName}`). */
export function secretMistake(secret: JsonObject): string | undefined {
  if (storeName(secret) === undefined)
    return "An AzureKeyVaultSecret needs a store: the reference of a linked service.";
  return secret["secretName"] === undefined ? "An AzureKeyVaultSecret needs a secretName." : undefined;
}

/** The value of a secret, which the workspace's identity reads out of the vault that a linked service names. */
export async function secretOf(context: ActivityContext, secret: JsonObject): Promise<string> {
  const store = storeName(secret) ?? "";
  const linkedService = context.ports.artifacts.linkedService(store);
  const baseUrl = objectAt(linkedService ?? {}, "typeProperties")?.["baseUrl"];
  const [name, version] = [textAt(context, secret, "secretName"), textAt(context, secret, "secretVersion")];
  const failure = (why: string) =>
    new ActivityFailure(
      "AzureKeyVaultFailedToGetSecret",
      `Failed to get the secret from key vault, secretName: ${name}, secretVersion: ${version}, vaultUrl: ${String(baseUrl ?? "")}. The error message is: ${why}`,
    );
  if (!linkedService) throw failure(`There is no linked service '${store}'.`);
  if (linkedService["type"] !== "AzureKeyVault" || typeof baseUrl !== "string" || !URL.canParse(baseUrl)) {
    throw failure(`The linked service '${store}' is not of type AzureKeyVault with a baseUrl.`);
  }
  const path = ["secrets", name, ...(version === "" ? [] : [version])].map(encodeURIComponent).join("/");
  const url = `${baseUrl.replace(/\/$/, "")}/${path}?api-version=${keyVaultApiVersion}`;
  const authorization = await bearer(context, { kind: "workspace", resource: vaultResource });
  const response = await send(context, { method: "GET", url, headers: {}, body: undefined, timeoutMs }, authorization);
  if (response.status !== 200) throw failure(redact(response.body) || `the vault answered ${response.status}.`);
  const body = parseJson(response.body);
  const value = body.ok && isValueObject(body.value) ? body.value.get("value") : undefined;
  if (typeof value !== "string") throw failure("the vault's answer holds no value.");
  return value;
}

function storeName(secret: JsonObject): string | undefined {
  const store = secret["store"];
  const name = isJsonObject(store) ? store["referenceName"] : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** Empty when the member is not there. */
function textAt(context: ActivityContext, secret: JsonObject, key: string): string {
  const value = context.evaluate(secret[key]);
  return typeof value === "string" ? value : "";
}
