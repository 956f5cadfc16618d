/** A batch endpoint as Resource Manager shows it (Microsoft.MachineLearningServices, 2025-12-01). */
export interface BatchEndpointResource {
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly sku?: unknown;
  readonly identity?: { readonly type?: string; readonly userAssignedIdentities?: Readonly<Record<string, unknown>> };
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly defaults?: { readonly deploymentName?: string | null } | null;
  };
}

const readOnlyProperties = ["scoringUri", "swaggerUri", "provisioningState"];

/**
 * The endpoint as a PUT takes it, with another default deployment (or none): Azure has no other way to set the default,
 * and it drops what the PUT leaves out.
 */
export function withDefault(endpoint: BatchEndpointResource, deploymentName: string | undefined) {
  const kept = Object.entries(endpoint.properties).filter(
    ([key]) => !readOnlyProperties.includes(key) && key !== "defaults",
  );
  return {
    location: endpoint.location,
    ...(endpoint.tags === undefined ? {} : { tags: endpoint.tags }),
    ...(endpoint.kind === undefined ? {} : { kind: endpoint.kind }),
    ...(endpoint.sku === undefined ? {} : { sku: endpoint.sku }),
    ...(endpoint.identity?.type === undefined ? {} : { identity: identityOf(endpoint.identity) }),
    properties: {
      ...Object.fromEntries(kept),
      ...(deploymentName === undefined ? {} : { defaults: { deploymentName } }),
    },
  };
}

/** Without the ids that the service gives: an identity of one's own is named by its key alone. */
function identityOf({ type, userAssignedIdentities }: NonNullable<BatchEndpointResource["identity"]>): unknown {
  if (userAssignedIdentities === undefined) return { type };
  const keys = Object.keys(userAssignedIdentities);
  return { type, userAssignedIdentities: Object.fromEntries(keys.map((key) => [key, {}])) };
}

/** The tag of a deployment that was promoted: the name of the one whose place it took. */
export const replacesTag = "synapse-batch-replaces";
