import { notEmulated } from "../../../platform/errors.js";
import { objectAt, textAt } from "../../../platform/json.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import { subscription } from "../../../platform/subscription.js";
import type { Context } from "../context.js";
import { badArgument } from "../errors.js";
import { types } from "../names.js";

const namePattern = /^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/;

/** Microsoft.MachineLearningServices/workspaces/computes: AmlCompute clusters with a system-assigned identity or none. */
export function computeResource({ platform }: Context): ResourceType {
  return {
    type: types.compute,
    putStyle: "asyncOperation",
    tracked: false,
    prepare(request) {
      const properties = prepare(request);
      const kind = textAt(objectAt(request.body, "identity"), "type") ?? "None";
      if (kind !== "SystemAssigned" && kind !== "None") throw notEmulated(`the identity type '${kind}' of a compute`);
      const name = `${request.parent?.name ?? ""}/computes/${request.name}`;
      const identity = kind === "None" ? undefined : platform.directory.managedIdentity(request.id, name);
      const { tenantId } = subscription;
      return {
        location: request.body["location"] ?? request.parent?.body["location"] ?? null,
        tags: request.body["tags"] ?? {},
        ...(identity && { identity: { type: kind, principalId: identity.objectId, tenantId } }),
        properties,
      };
    },
    async apply({ id, body }) {
      if (body["identity"] === undefined) platform.directory.removeManagedIdentity(id);
    },
  };
}

function prepare({ name, body }: PutRequest) {
  const given = objectAt(body, "properties");
  const kind = textAt(given, "computeType");
  if (kind !== "AmlCompute") throw notEmulated(`a compute of type '${kind ?? ""}'`);
  if (!namePattern.test(name)) {
    throw badArgument(`The compute name '${name}' is not valid: 3 to 32 letters, digits and hyphens, a letter first.`);
  }
  const cluster = objectAt(given, "properties");
  const vmSize = textAt(cluster, "vmSize");
  if (vmSize === undefined) throw badArgument(`The compute '${name}' needs properties.vmSize.`);
  const scale = objectAt(cluster, "scaleSettings");
  const minNodeCount = scale["minNodeCount"] ?? 0;
  const maxNodeCount = scale["maxNodeCount"];
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
  if (!isCount(minNodeCount) || !isCount(maxNodeCount) || maxNodeCount < Math.max(1, minNodeCount)) {
    throw badArgument(`The compute '${name}' needs scaleSettings with 0 <= minNodeCount <= maxNodeCount, at least 1.`);
  }
  return {
    computeType: "AmlCompute",
    description: given["description"] ?? null,
    disableLocalAuth: given["disableLocalAuth"] ?? false,
    isAttachedCompute: false,
    provisioningErrors: null,
    provisioningState: "Succeeded",
    properties: {
      ...cluster,
      vmSize,
      vmPriority: textAt(cluster, "vmPriority") ?? "Dedicated",
      osType: textAt(cluster, "osType") ?? "Linux",
      remoteLoginPortPublicAccess: textAt(cluster, "remoteLoginPortPublicAccess") ?? "NotSpecified",
      scaleSettings: {
        minNodeCount,
        maxNodeCount,
        nodeIdleTimeBeforeScaleDown: textAt(scale, "nodeIdleTimeBeforeScaleDown") ?? "PT120S",
      },
      allocationState: "Steady",
      currentNodeCount: minNodeCount,
      targetNodeCount: minNodeCount,
    },
  };
}
