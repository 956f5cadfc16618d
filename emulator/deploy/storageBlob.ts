import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import type { Dispatcher } from "undici";
import { blobUrl } from "../../contract/hosts.js";
import { isJsonObject, type JsonObject } from "../../contract/json.js";
import type { ArmClient } from "./armClient.js";
import { ArmError } from "./armError.js";
import { inputChanges } from "./differences.js";
import type { Change, Deployed, Made, ResourceProvider } from "./resourceProvider.js";
import { storageHttpClient } from "./storageHttpClient.js";

const inputNames = [
  "accountName",
  "blobName",
  "containerName",
  "contentType",
  "metadata",
  "resourceGroupName",
  "source",
  "type",
];

/** Stands in for azure-native's Blob, which is no ARM resource: uploads with the account's key, as azure-native does. */
export class StorageBlob implements ResourceProvider {
  static readonly type = "azure-native:storage:Blob";
  readonly #client: ArmClient;
  readonly #dispatcher: Dispatcher;
  readonly #keys = new Map<string, Promise<string>>();

  constructor(client: ArmClient, dispatcher: Dispatcher) {
    this.#client = client;
    this.#dispatcher = dispatcher;
  }

  async check(type: string, inputs: JsonObject): Promise<JsonObject> {
    const unknown = Object.keys(inputs).find((name) => !inputNames.includes(name));
    if (unknown) throw new Error(`${type}: the emulator does not support the input ${unknown}`);
    if (inputs["type"] !== "Block") throw new Error(`${type}: the emulator supports block blobs alone`);
    return inputs;
  }

  async diff(_type: string, old: Deployed, inputs: JsonObject): Promise<Change> {
    const place = ["accountName", "containerName", "blobName"];
    return { inputs: inputChanges(old.inputs, inputs, place), deleteBeforeReplace: true, losesData: false };
  }

  async create(_type: string, inputs: JsonObject, preview = false): Promise<Made> {
    if (preview) return { id: "", outputs: { name: inputs["blobName"] ?? "", type: inputs["type"] ?? "Block" } };
    const source = isJsonObject(inputs["source"]) ? inputs["source"]["assetPath"] : undefined;
    if (typeof source !== "string") throw new Error("a blob must have a file as its source");
    const { contentType, metadata } = inputs;
    const blob = await this.#blob(inputs);
    await refusing(
      blob.uploadFile(source, {
        blobHTTPHeaders: {
          blobContentType: typeof contentType === "string" ? contentType : "application/octet-stream",
        },
        metadata: isJsonObject(metadata) ? (metadata as Record<string, string>) : {},
      }),
    );
    return this.#made(inputs, blob.url);
  }

  async read(type: string, _id: string, old?: Deployed): Promise<Deployed | undefined> {
    if (!old) throw new Error(`${type}: the emulator does not support reading a blob that it did not deploy`);
    const blob = await this.#blob(old.inputs);
    return (await refusing(blob.exists())) ? { ...this.#made(old.inputs, blob.url), inputs: old.inputs } : undefined;
  }

  async update(type: string, old: Deployed, inputs: JsonObject, preview = false): Promise<Made> {
    return preview ? old : this.create(type, inputs);
  }

  async delete(_type: string, old: Deployed): Promise<void> {
    await refusing((await this.#blob(old.inputs)).deleteIfExists());
  }

  async #blob(inputs: JsonObject) {
    const account = String(inputs["accountName"]);
    const group = `/subscriptions/${this.#client.subscriptionId}/resourceGroups/${String(inputs["resourceGroupName"])}`;
    const accountId = `${group}/providers/Microsoft.Storage/storageAccounts/${account}`;
    const key = this.#keys.get(accountId) ?? this.#key(accountId);
    this.#keys.set(accountId, key);
    const credential = new StorageSharedKeyCredential(account, await key);
    const service = new BlobServiceClient(blobUrl(account), credential, {
      httpClient: storageHttpClient(this.#dispatcher),
      retryOptions: { maxTries: 2 },
    });
    return service.getContainerClient(String(inputs["containerName"])).getBlockBlobClient(String(inputs["blobName"]));
  }

  async #key(accountId: string): Promise<string> {
    const answer = await this.#client.post(`${accountId}/listKeys`, "2024-01-01");
    const first = Array.isArray(answer["keys"]) ? answer["keys"][0] : undefined;
    if (!isJsonObject(first) || typeof first["value"] !== "string") throw new Error(`${accountId} has no keys`);
    return first["value"];
  }

  #made(inputs: JsonObject, url: string): Made {
    const { accountName, blobName, containerName, resourceGroupName, type } = inputs;
    const id = `/subscriptions/${this.#client.subscriptionId}/resourceGroups/${String(resourceGroupName)}/providers/Microsoft.Storage/storageAccounts/${String(accountName)}/blobServices/default/containers/${String(containerName)}/blobs/${String(blobName)}`;
    return { id, outputs: { name: blobName ?? "", url, type: type ?? "Block" } };
  }
}

/** The storage service's own refusal, without the request that the client's error carries along. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || !("statusCode" in error)) throw error;
    const code = "code" in error ? String(error.code) : `HTTP ${String(error.statusCode)}`;
    throw new ArmError(Number(error.statusCode), code, error.message.split("\n")[0] ?? "");
  }
}
