import type { JsonObject } from "../../../../contract/json.js";
import { notEmulated } from "../../../platform/errors.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import { subscription } from "../../../platform/subscription.js";
import type { Context } from "../context.js";
import { badArgument, badRequest } from "../errors.js";
import { types } from "../names.js";
import { checkQuota, usagesIn } from "../quota.js";
import { vmSizeBody, vmSizeNamed, vmSizes } from "../vmSizes.js";

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
    regionalLists: {
      usages: (location) => usagesIn(platform.resources, location),
      vmsizes: () => vmSizes.map(vmSizeBody),
    },
    async apply({ id, body }) {
      if (body["identity"] === undefined) platform.directory.removeManagedIdentity(id);
    },
  };
}

function prepare({ name, body, existing }: PutRequest) {
  const given = objectAt(body, "properties");
  const kind = textAt(given, "computeType");
  if (kind !== "AmlCompute") throw notEmulated(`a compute of type '${kind ?? ""}'`);
  if (!namePattern.test(name)) {
    throw badArgument(`The compute name '${name}' is not valid: 3 to 32 letters, digits and hyphens, a letter first.`);
  }
  const cluster = objectAt(given, "properties");
  const vmSize = textAt(cluster, "vmSize");
  if (vmSize === undefined) throw badArgument(`The compute '${name}' needs properties.vmSize.`);
  const size = vmSizeNamed(vmSize);
  if (!size) throw unknownSize(vmSize);
  const scale = objectAt(cluster, "scaleSettings");
  const minNodeCount = scale["minNodeCount"] ?? 0;
  const maxNodeCount = scale["maxNodeCount"];
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
  if (!isCount(minNodeCount) || !isCount(maxNodeCount) || maxNodeCount < Math.max(1, minNodeCount)) {
    throw badArgument(`The compute '${name}' needs scaleSettings with 0 <= minNodeCount <= maxNodeCount, at least 1.`);
  }
  const vmPriority = oneOf(cluster, "vmPriority", ["Dedicated", "LowPriority"]);
  const before = existing && objectAt(propertiesOf(existing), "properties");
  if (before) refuseChange(name, before, { vmSize, vmPriority });
  else checkQuota(size, vmPriority, minNodeCount);
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
      vmPriority,
      osType: oneOf(cluster, "osType", ["Linux", "Windows"]),
      remoteLoginPortPublicAccess: oneOf(cluster, "remoteLoginPortPublicAccess", [
        "NotSpecified",
        "Enabled",
        "Disabled",
      ]),
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

/** A cluster keeps the machines that it was made of: only its scale can be changed. */
function refuseChange(name: string, before: JsonObject, now: { vmSize: string; vmPriority: string }): void {
  for (const [member, wanted] of Object.entries(now)) {
    const present = String(before[member]);
    if (present.toLowerCase() === wanted.toLowerCase()) continue;
    throw badArgument(`The ${member} of the compute '${name}' cannot be changed from '${present}' to '${wanted}'.`);
  }
}

/** The one of the known values that a member has, in the service's own case; the first where it is absent. */
function oneOf<T extends string>(cluster: JsonObject, member: string, known: readonly [T, ...T[]]): T {
  const given = textAt(cluster, member) ?? known[0];
  const found = known.find((value) => value.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return found;
  throw badArgument(`properties.${member} is '${given}': it must be one of ${known.join(", ")}.`);
}

function unknownSize(vmSize: string) {
  const supported = vmSizes.map(({ name }) => name.toUpperCase()).join(",");
  return badRequest(
    "InvalidPropertyValue",
    `The specified value ${vmSize} for property Cluster.Properties.VMSize is not a supported VM size. Supported VM sizes: ${supported}.`,
  );
}
