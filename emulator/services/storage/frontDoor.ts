import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../../contract/clock.js";
import { hostSuffixes } from "../../../contract/hosts.js";
import { AzureError, notEmulated } from "../../platform/errors.js";
import { propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import { reportFault, reportRefusal } from "../../platform/requestLog.js";
import type { KeyRing } from "./accountKeys.js";
import { authorize } from "./authorization.js";
import type { BlobStore } from "./blobStore.js";
import type { ContainerRegister } from "./containers.js";
import { type BlobOperation, operationOf } from "./operations.js";
import { accountNamed } from "./storageAccount.js";
import { httpRefusal, invalidXml, publicAccessNotPermitted, sendStorageError } from "./storageErrors.js";

/** The storage hosts of one account: blob is served, the data lake's is refused by name. */
export function storageHostOf(host: string): { readonly account: string; readonly form: "xml" | "json" } | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  for (const [suffix, form] of [
    [hostSuffixes.blob, "xml"],
    [hostSuffixes.dataLake, "json"],
  ] as const) {
    const account = name.slice(0, -suffix.length);
    if (name.endsWith(suffix) && account !== "" && !account.includes(".")) return { account, form };
  }
  return undefined;
}

/** Checks each request to an account's blob host, hands it to Azurite, and acknowledges a write when it is saved. */
export function createFrontDoor(parts: {
  readonly platform: Platform;
  readonly keys: KeyRing;
  readonly store: BlobStore;
  readonly containers: ContainerRegister;
  /** The callers' time, which `platform.clock` may run ahead of. */
  readonly wallClock: Clock;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { platform, keys, store, containers, wallClock } = parts;
  const refuse = (request: IncomingMessage, response: ServerResponse, thrown: unknown) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { method = "", url = "", headers } = request;
    const place = { method, host: headers.host, route: String(url.split("?")[0]) };
    if (!(thrown instanceof AzureError)) reportFault(platform.log, place, thrown);
    const error = thrown instanceof AzureError ? thrown : httpRefusal(500, "");
    reportRefusal(platform.log, place, error.status);
    const clientId = request.headers["x-ms-client-request-id"];
    sendStorageError(response, error, {
      requestId: platform.ids.uuid(),
      now: platform.clock.now(),
      form: storageHostOf(request.headers.host ?? "")?.form ?? "xml",
      ...(typeof clientId === "string" && { clientId }),
    });
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const host = request.headers.host ?? "";
    const { account: name = "", form } = storageHostOf(host) ?? {};
    if (form !== "xml") throw notEmulated(`the data lake endpoint ${host}; the account's blob endpoint works`);
    const account = accountNamed(platform.resources, name);
    const { method = "", url = "", headers } = request;
    const operation = operationOf({ method, url, headers });
    if (headers["x-ms-blob-public-access"] !== undefined) {
      if (propertiesOf(account)["allowBlobPublicAccess"] !== true) throw publicAccessNotPermitted();
      throw notEmulated("containers with anonymous access");
    }
    const { principal } = await authorize(platform, request, account, keys.make(name), operation, wallClock.now());
    if (principal) store.sign(request, name);
    const azurite = await store.open();
    beforeEnd(response, () => {
      try {
        if (operation.writes) {
          azurite.save();
          follow(operation, response.statusCode, account.id);
        }
        requireWords(response, method, operation);
      } catch (error) {
        refuse(request, response, error);
      }
    });
    azurite.listener(request, response);
  };
  const follow = ({ name, container }: BlobOperation, status: number, accountId: string) => {
    if (status >= 300) return;
    if (name === "Create Container") containers.record(accountId, container);
    if (name === "Delete Container") containers.forget(accountId, container);
  };
  return (request, response) => {
    serve(request, response).catch((thrown: unknown) => refuse(request, response, thrown));
  };
}

/** The operations whose body is an XML document, on which Azurite's reader fails when it is none. */
const readsXml = ["Set Blob Service Properties", "Set Container ACL", "Put Block List", "Set Blob Tags"];

/** Azurite answers what it cannot read, and its own faults, with a bare status: throws what the service says instead. */
function requireWords(response: ServerResponse, method: string, { name }: BlobOperation): void {
  const { statusCode, headersSent } = response;
  const hasWords = headersSent || method === "HEAD" || response.hasHeader("x-ms-error-code");
  if (statusCode < 400 || hasWords) return;
  if (statusCode >= 500 && readsXml.includes(name)) throw invalidXml();
  if (statusCode >= 500) throw new Error(`Azurite answered ${statusCode} without a word`);
  throw httpRefusal(statusCode, "");
}

/** Does something between an answer's last byte and its sending; nothing more is sent when it ended the answer itself. */
function beforeEnd(response: ServerResponse, action: () => void): void {
  const end = response.end;
  response.end = (...parts: unknown[]) => {
    response.end = end;
    action();
    if (!response.writableEnded && !response.destroyed) Reflect.apply(end, response, parts);
    return response;
  };
}
