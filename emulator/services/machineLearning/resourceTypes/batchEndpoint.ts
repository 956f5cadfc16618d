import { batchEndpointUrl } from "../../../../contract/hosts.js";
import { notEmulated } from "../../../platform/errors.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import { subscription } from "../../../platform/subscription.js";
import type { Context } from "../context.js";
import { badArgument, MachineLearningError } from "../errors.js";
import { types } from "../names.js";
import { checkRegion } from "./region.js";

const namePattern = /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/**
 * Microsoft.MachineLearningServices/workspaces/batchEndpoints. Its scoring host answers once the operation has
 * succeeded; a default deployment must exist before it is named.
 */
export function batchEndpointResource({ platform }: Context): ResourceType {
  return {
    type: types.batchEndpoint,
    putStyle: "asyncOperationAndLocation",
    tracked: true,
    patchable: false,
    prepare(request) {
      const { body, id, name, existing } = request;
      checkName(request);
      checkRegion(request);
      const given = objectAt(body, "properties");
      const authMode = textAt(given, "authMode") ?? "AADToken";
      if (authMode.toLowerCase() !== "aadtoken") {
        throw badArgument(`authMode is '${authMode}': a batch endpoint takes AADToken alone.`);
      }
      const kind = textAt(objectAt(body, "identity"), "type") ?? "None";
      if (kind !== "SystemAssigned" && kind !== "None")
        throw notEmulated(`the identity type '${kind}' of a batch endpoint`);
      const identity = kind === "None" ? undefined : platform.directory.managedIdentity(id, name);
      const { tenantId } = subscription;
      const before = existing ? propertiesOf(existing) : {};
      return {
        ...(identity && { identity: { type: kind, principalId: identity.objectId, tenantId } }),
        properties: {
          scoringUri: before["scoringUri"] ?? null,
          swaggerUri: null,
          authMode: "AADToken",
          defaults: { deploymentName: defaultDeployment(request) },
          description: given["description"] ?? null,
          keys: null,
          properties: {
            BatchEndpointCreationApiVersion: existing?.createdWith ?? request.apiVersion,
            ...objectAt(given, "properties"),
          },
          provisioningState: "Succeeded",
        },
      };
    },
    async apply(resource) {
      const properties = propertiesOf(resource);
      const location = textAt(resource.body, "location") ?? "";
      const scoringUri = `${batchEndpointUrl(resource.name.toLowerCase(), location)}/jobs`;
      const stored = platform.resources.get(resource.id) ?? resource;
      platform.resources.put({ ...stored, body: { ...stored.body, properties: { ...properties, scoringUri } } });
    },
  };

  function checkName({ id, name, body }: PutRequest): void {
    if (!namePattern.test(name) || name.length < 3 || name.length > 32) {
      throw badArgument(
        `The endpoint name '${name}' is not valid: 3 to 32 letters, digits and hyphens, a letter first.`,
      );
    }
    const taken = platform.resources
      .ofType(types.batchEndpoint)
      .some(
        (other) =>
          other.id.toLowerCase() !== id.toLowerCase() &&
          other.name.toLowerCase() === name.toLowerCase() &&
          other.body["location"] === body["location"],
      );
    if (taken) {
      const where = String(body["location"]);
      throw new MachineLearningError(
        409,
        "ConflictError",
        `The endpoint name '${name}' is taken in the region '${where}'.`,
      );
    }
  }

  function defaultDeployment({ id, body }: PutRequest): string | null {
    const name = textAt(objectAt(objectAt(body, "properties"), "defaults"), "deploymentName");
    if (name === undefined) return null;
    const deployment = platform.resources.get(`${id}/deployments/${name}`);
    if (deployment && propertiesOf(deployment)["provisioningState"] === "Succeeded") return deployment.name;
    throw badArgument(
      `The default deployment '${name}' does not exist: make the deployment first, then set the default.`,
    );
  }
}
