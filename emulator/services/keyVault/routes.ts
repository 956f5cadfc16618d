import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { clientAddressOf } from "../../platform/clientAddress.js";
import type { Platform } from "../../platform/platform.js";
import { identify, type VaultCall } from "./authentication.js";
import { requireNetwork, requireRight, rights, type SecretRight } from "./authorization.js";
import { createSecretBackups } from "./backup.js";
import { secretNotFound } from "./errors.js";
import { pageOf } from "./paging.js";
import { deletedSecret, secretItem } from "./secretBundle.js";
import { unixSeconds } from "./secretResource.js";
import type { SecretStore } from "./secretStore.js";
import { createSecretOperations } from "./secrets.js";

/** The secrets of the vault's REST API (`/secrets`, `/deletedsecrets`); all other paths are refused by name. */
export function addSecretRoutes(application: FastifyInstance, platform: Platform, secrets: SecretStore): void {
  const operations = createSecretOperations(platform, secrets);
  const backups = createSecretBackups(platform, secrets);
  const calls = new WeakMap<FastifyRequest, VaultCall>();
  const callOf = (request: FastifyRequest): VaultCall => {
    const call = calls.get(request);
    if (!call) throw new Error("a request to a vault was not identified");
    return call;
  };
  application.addHook("onRequest", async (request) => {
    const call = await identify(platform, request);
    requireNetwork(call, clientAddressOf(request.raw));
    calls.set(request, call);
    secrets.purgeDue(unixSeconds(platform));
  });

  type Answer = (
    call: VaultCall,
    to: { name: string; version: string | undefined; request: FastifyRequest; reply: FastifyReply },
  ) => unknown;
  const route = (
    method: "GET" | "PUT" | "PATCH" | "DELETE" | "POST",
    url: string,
    right: SecretRight,
    answer: Answer,
  ) => {
    const handler: RouteHandlerMethod = async (request, reply) => {
      const { name = "", version } = request.params as { name?: string; version?: string };
      const answered = () => answer(callOf(request), { name, version, request, reply });
      // a secret and what Resource Manager shows of it change together, or not at all
      return method === "GET" ? answered() : platform.store.transaction(answered);
    };
    application.route({
      method,
      url,
      // before the body is read: who may not do it learns nothing about what is wrong with it
      onRequest: async (request) => {
        requireRight(platform, callOf(request), right, (request.params as { name?: string }).name);
      },
      handler,
    });
  };

  route("GET", "/secrets", rights.list, ({ vault }, { request }) =>
    pageOf(
      secrets.latest(vault.id),
      { url: `${vault.url}/secrets`, query: request.query },
      {
        keyOf: ({ name }) => name,
        itemOf: (secret) => secretItem(vault, secret, "without version"),
      },
    ),
  );
  route("GET", "/secrets/:name/versions", rights.list, ({ vault }, { name, request }) => {
    const all = secrets.versions(vault.id, name);
    if (all.length === 0) throw secretNotFound(name);
    return pageOf(
      all,
      { url: `${vault.url}/secrets/${name}/versions`, query: request.query },
      {
        keyOf: ({ version }) => version,
        itemOf: (secret) => secretItem(vault, secret, "with version"),
      },
    );
  });
  for (const url of ["/secrets/:name", "/secrets/:name/:version"]) {
    route("GET", url, rights.get, (call, { name, version }) => operations.get(call, name, version));
    route("PATCH", url, rights.update, (call, { name, version, request }) =>
      operations.update(call, name, version, request.body),
    );
  }
  route("PUT", "/secrets/:name", rights.set, (call, { name, request }) => operations.set(call, name, request.body));
  route("DELETE", "/secrets/:name", rights.delete, (call, { name }) => operations.delete(call, name));

  route("POST", "/secrets/:name/backup", rights.backup, (call, { name }) => backups.backup(call, name));
  route("POST", "/secrets/restore", rights.restore, (call, { request }) => backups.restore(call, request.body));

  route("GET", "/deletedsecrets", rights.list, ({ vault }, { request }) =>
    pageOf(
      secrets.allDeleted(vault.id),
      { url: `${vault.url}/deletedsecrets`, query: request.query },
      {
        keyOf: ({ latest }) => latest.name,
        itemOf: (secret) => deletedSecret(vault, secret, "without version"),
      },
    ),
  );
  route("GET", "/deletedsecrets/:name", rights.getDeleted, (call, { name }) => operations.getDeleted(call, name));
  route("POST", "/deletedsecrets/:name/recover", rights.recover, (call, { name }) => operations.recover(call, name));
  route("DELETE", "/deletedsecrets/:name", rights.purge, (call, { name, reply }) => {
    operations.purge(call, name);
    return reply.code(204).send();
  });
}
