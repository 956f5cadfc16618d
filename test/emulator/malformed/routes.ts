import diagnostics from "node:diagnostics_channel";
import type { FastifyInstance, RouteOptions } from "fastify";
import type { Plane } from "../../helpers/provisioned.js";

/** A route as its service registered it: `GET /secrets/:name`. */
export interface Route {
  readonly plane: Plane;
  readonly method: string;
  readonly pattern: string;
}

/** The planes that are served by fastify, by a route that only they have. */
const landmarks: Readonly<Record<string, Plane>> = {
  "/metadata/endpoints": "resourceManager",
  "/secrets": "keyVault",
  "/pipelines": "synapse",
  "/jobs": "scoring",
  "/discovery": "history",
  "/v1.0/servicePrincipals": "graph",
  "/:tenant/oauth2/token": "entra",
  "/dataplane/workflow/callback/:id": "webHooks",
  "/workspaces/:workspaceId/services/:serviceId/jobs": "batchExecution",
  "/workspaces/:workspaceId/webservices": "studioManagement",
};

/**
 * Watches every HTTP application that is made while `make` runs, and tells all their routes; fails on an application that
 * is none of the known planes, so that a new service cannot be forgotten.
 */
export async function routesOf<T>(make: () => Promise<T>): Promise<{ readonly made: T; readonly routes: Route[] }> {
  const applications: { method: string; pattern: string }[][] = [];
  const watch = (message: unknown) => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    const found: { method: string; pattern: string }[] = [];
    applications.push(found);
    fastify.addHook("onRoute", ({ method, url }: RouteOptions) => {
      found.push(...[method].flat().map((one) => ({ method: one, pattern: url })));
    });
  };
  diagnostics.subscribe("fastify.initialization", watch);
  const made = await make().finally(() => diagnostics.unsubscribe("fastify.initialization", watch));
  const routes = applications.flatMap((found) => {
    const plane = planeOf(found.map(({ pattern }) => pattern));
    return found.map((route) => ({ plane, ...route }));
  });
  return { made, routes };
}

function planeOf(patterns: readonly string[]): Plane {
  const [plane] = patterns.flatMap((pattern) => landmarks[pattern] ?? []);
  if (plane) return plane;
  if (patterns.every((pattern) => pattern.includes("/saveddatasets"))) return "datasets";
  throw new Error(`a service without a place in this test: ${patterns.join(", ")}`);
}
