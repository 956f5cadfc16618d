import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { audiences, hostNames } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { AzureError, notEmulated } from "../../platform/errors.js";
import { isGuid } from "../../platform/guid.js";
import type { Platform } from "../../platform/platform.js";
import { type EntitySet, entitySets, servicePrincipal } from "./directoryObjects.js";
import { bodyOf, graphErrors } from "./errors.js";
import { filterOf } from "./filter.js";

const origin = `https://${hostNames.graph}/v1.0`;
/** The one application permission that covers every read here. */
const readDirectory = "Directory.Read.All";
const pageSize = 100;
const maxIds = 1_000;

const question = z.object({ ids: z.array(z.string()).max(maxIds), types: z.array(z.string()).nullish() });

/** The part of Microsoft Graph v1.0 that names principals: service principals, users, groups, `getByIds`. */
export function graphRoutes(platform: Platform) {
  return async (application: FastifyInstance): Promise<void> => {
    application.setErrorHandler((error, request, reply) => refuse(error, request, reply, platform));
    application.addHook("onRequest", async (request) => {
      const check = await platform.tokens.check(request.headers.authorization, audiences.graph);
      if (!check.accepted) throw graphErrors.token(check.refusal);
      if (/^\/v1\.0\/me([/?]|$)/i.test(request.url)) throw graphErrors.delegatedOnly();
      if (!check.roles.includes(readDirectory)) throw graphErrors.denied();
    });

    const principals = () => platform.directory.all().map(servicePrincipal);
    const members = { servicePrincipals: principals, users: () => [], groups: () => [] };
    for (const [name, set] of Object.entries(entitySets) as [keyof typeof entitySets, EntitySet][]) {
      application.get(`/v1.0/${name}`, async ({ query }) => listOf(name, set, members[name](), query));
      application.get(`/v1.0/${name}/:id`, async ({ params }) => found(name, idOf(params), members[name]()));
    }
    application.get("/v1.0/directoryObjects/:id", async ({ params }) =>
      typed(found("directoryObjects", idOf(params), principals())),
    );
    application.post("/v1.0/directoryObjects/getByIds", async ({ body }) => {
      const asked = question.safeParse(body);
      if (!asked.success) throw graphErrors.badRequest(`Invalid request: ${z.prettifyError(asked.error)}`);
      const { ids, types } = asked.data;
      const wrong = ids.find((id) => !isGuid(id));
      if (wrong !== undefined) throw graphErrors.badRequest(`Invalid GUID:${wrong}`);
      const wanted = !types?.length || types.some((type) => /^(servicePrincipal|directoryObject)$/i.test(type));
      const named = new Set(ids.map((id) => id.toLowerCase()));
      const value = wanted ? principals().filter(({ id }) => named.has(String(id))) : [];
      return { "@odata.context": `${origin}/$metadata#directoryObjects`, value: value.map(typed) };
    });
    application.all("/*", async ({ method, url }) => {
      throw notEmulated(`${method} ${url.split("?")[0]} of Microsoft Graph`);
    });
  };
}

const typed = (object: JsonObject): JsonObject => ({
  "@odata.type": `#${entitySets.servicePrincipals.type}`,
  ...object,
});

const idOf = (params: unknown) => (params as { readonly id: string }).id;

function found(collection: string, id: string, objects: readonly JsonObject[]): JsonObject {
  const object = objects.find((candidate) => candidate["id"] === id.toLowerCase());
  if (!object) throw graphErrors.notFound(id);
  return { "@odata.context": `${origin}/$metadata#${collection}/$entity`, ...object };
}

function listOf(name: string, set: EntitySet, objects: readonly JsonObject[], query: unknown): JsonObject {
  const options = query as Readonly<Record<string, string>>;
  for (const option of Object.keys(options)) {
    if (!["$filter", "$top", "$skiptoken"].includes(option))
      throw notEmulated(`the query option ${option} of Microsoft Graph`);
  }
  const size = numberOf(options, "$top") ?? pageSize;
  const from = numberOf(options, "$skiptoken") ?? 0;
  const matching = objects.filter(filterOf(options["$filter"], set));
  const next = new URLSearchParams({ ...options, $skiptoken: String(from + size) });
  return {
    "@odata.context": `${origin}/$metadata#${name}`,
    ...(from + size < matching.length && { "@odata.nextLink": `${origin}/${name}?${next}` }),
    value: matching.slice(from, from + size),
  };
}

function numberOf(options: Readonly<Record<string, string>>, name: string): number | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(given))
    throw graphErrors.badRequest(`Invalid value '${given}' of the query option ${name}.`);
  return Number(given);
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, platform: Platform): void {
  // the application knows what the HTTP layer refused, and what is a bug
  if (!(error instanceof AzureError)) throw error;
  const asked = request.headers["client-request-id"];
  const id = String(reply.getHeader("x-ms-request-id"));
  const clientId = typeof asked === "string" ? asked : undefined;
  reply
    .code(error.status)
    .headers(error.headers)
    .send(bodyOf(error, { id, clientId, moment: platform.clock.now() }));
}
