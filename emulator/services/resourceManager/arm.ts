import type { FastifyInstance, FastifyRequest } from "fastify";
import { hostNames } from "../../../contract/hosts.js";
import type { AccessControl } from "../../platform/accessControl.js";
import { createApplication } from "../../platform/application.js";
import { openDeletedResources } from "../../platform/deletedResources.js";
import { AzureError } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import type { ResourceType } from "../../platform/resourceType.js";
import { checkedVersion } from "./apiVersion.js";
import { applicationInsights } from "./applicationInsights.js";
import type { ArmContext } from "./armRequest.js";
import { authenticate } from "./authentication.js";
import { createCatalog } from "./catalog.js";
import { armErrors } from "./errors.js";
import { logAnalyticsWorkspaces } from "./logAnalytics.js";
import { openOperations } from "./operations.js";
import { parseUrl } from "./path.js";
import { openProviders } from "./providers.js";
import { route } from "./router.js";
import { purgeDue } from "./softDelete.js";
import { cloudMetadata } from "./tenant.js";

export interface ArmParts {
  readonly platform: Platform;
  /** The types of the other services; Resource Manager adds its own. */
  readonly types: readonly ResourceType[];
  readonly accessControl: AccessControl;
}

/** Resource Manager as an HTTP application, and the state that its handlers share. */
export function createArm(parts: ArmParts): { application: FastifyInstance; context: ArmContext } {
  const { platform, types, accessControl } = parts;
  const catalog = createCatalog([...types, logAnalyticsWorkspaces(platform), applicationInsights(platform)]);
  const operations = openOperations(platform);
  const providers = openProviders(platform.store, catalog);
  const deleted = openDeletedResources(platform.store);
  const context: ArmContext = { platform, access: accessControl, catalog, operations, providers, deleted };

  const application = createApplication(platform);
  application.get("/metadata/endpoints", async (request) =>
    cloudMetadata(checkedVersion(parsed(request).query.get("api-version"))),
  );
  application.all("/*", async (request, reply) => {
    const { segments, query } = parsed(request);
    const caller = await authenticate(platform, request.headers.authorization);
    const apiVersion = checkedVersion(query.get("api-version"));
    const origin = `https://${request.headers.host ?? hostNames.resourceManager}`;
    const { method, body } = request;
    await purgeDue(context);
    const answer = await route(context, { method, segments, query, body, apiVersion, caller, origin }).catch(
      asClientError,
    );
    return reply
      .code(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
  });
  return { application, context };
}

/** What is not supported is a 400 here: clients of Resource Manager repeat a 5xx for minutes. */
function asClientError(error: unknown): never {
  if (error instanceof AzureError && error.status === 501) throw new AzureError(400, error.code, error.message);
  throw error;
}

function parsed(request: FastifyRequest): NonNullable<ReturnType<typeof parseUrl>> {
  const url = parseUrl(request.raw.url ?? "/");
  if (!url) throw armErrors.invalidContent("The path is not validly encoded.");
  return url;
}
