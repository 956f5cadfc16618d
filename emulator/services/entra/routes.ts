import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isGuid } from "../../platform/guid.js";
import type { Platform } from "../../platform/platform.js";
import { instanceDiscovery, openIdConfigurationV1, openIdConfigurationV2 } from "./discovery.js";
import { bodyOf, refusals, SignInError } from "./errors.js";
import { isKnownResource } from "./resource.js";
import { singleTenantOf, tenantOf } from "./tenants.js";
import { type EndpointVersion, formOf, readTokenRequest } from "./tokenRequest.js";

type TenantRequest = FastifyRequest<{ Params: { tenant: string } }>;
type DiscoveryRequest = FastifyRequest<{ Querystring: Readonly<Record<string, string>> }>;

/** The paths of login.microsoftonline.com that applications use to sign in. */
export function entraRoutes(platform: Platform) {
  return async (application: FastifyInstance): Promise<void> => {
    // read as text whatever its type says: a body that is no form has no parameters, it is not a bad request
    application.removeAllContentTypeParsers();
    application.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    application.setErrorHandler((error, request, reply) => refuse(error, request, reply, platform));

    application.post("/:tenant/oauth2/token", tokenRoute("v1", platform));
    application.post("/:tenant/oauth2/v2.0/token", tokenRoute("v2", platform));

    const keys = (request: TenantRequest) => {
      tenantOf(request.params.tenant);
      return platform.tokens.publicKeys();
    };
    application.get("/:tenant/discovery/keys", keys);
    application.get("/:tenant/discovery/v2.0/keys", keys);
    application.get("/:tenant/.well-known/openid-configuration", async (request: TenantRequest) =>
      openIdConfigurationV1(tenantOf(request.params.tenant)),
    );
    application.get("/:tenant/v2.0/.well-known/openid-configuration", async (request: TenantRequest) =>
      openIdConfigurationV2(tenantOf(request.params.tenant)),
    );
    application.get("/common/discovery/instance", async ({ query }: DiscoveryRequest) =>
      instanceDiscovery(query["authorization_endpoint"] ?? "", query["api-version"] ?? "1.0"),
    );
  };
}

function tokenRoute(version: EndpointVersion, platform: Platform) {
  return async (request: TenantRequest, reply: FastifyReply) => {
    const tenant = singleTenantOf(request.params.tenant);
    const { principal, resource } = readTokenRequest({
      version,
      tenant,
      form: formOf(request.headers["content-type"], request.body),
      authorization: request.headers.authorization,
      directory: platform.directory,
    });
    if (!isKnownResource(resource, platform.resources)) throw refusals.unknownResource(resource, tenant);
    // the token's form is the resource's choice, not the endpoint's: Azure's own planes all take v1 tokens
    const token = await platform.tokens.issue({ principal, audience: resource, version: "1.0" });
    const lifetime = token.expiresInSeconds;
    reply.headers({ "cache-control": "no-store, no-cache", pragma: "no-cache" });
    if (version === "v2") {
      return {
        token_type: "Bearer",
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token: token.accessToken,
      };
    }
    return {
      token_type: "Bearer",
      expires_in: String(lifetime),
      ext_expires_in: String(lifetime),
      expires_on: unixSeconds(token.expiresOn),
      not_before: unixSeconds(token.notBefore),
      resource,
      access_token: token.accessToken,
    };
  };
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, platform: Platform): void {
  if (!(error instanceof SignInError)) throw error;
  const asked = request.headers["client-request-id"];
  const correlationId = typeof asked === "string" && isGuid(asked) ? asked : platform.ids.uuid();
  const traceId = String(reply.getHeader("x-ms-request-id"));
  reply.code(error.status).send(bodyOf(error, { traceId, correlationId, moment: platform.clock.now() }));
}

function unixSeconds(moment: Date): string {
  return String(Math.floor(moment.getTime() / 1000));
}
