import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { JsonObject } from "../../contract/json.js";
import { plainObject, secretPaths } from "./properties.js";
import { formerUrns, type UrnParts, urnOf } from "./urns.js";

/** A resource by which it is told apart, in messages too. */
export interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/** A resource as the program registers it, its inputs in plain JSON. */
export interface Registration extends Subject {
  /** The URNs that it may have had in an earlier deployment. */
  readonly formerUrns: readonly string[];
  readonly inputs: JsonObject;
  /** The property paths of the inputs that are secret. */
  readonly secretInputs: readonly string[];
  /** The names of outputs that are secret whatever they are made of. */
  readonly secretOutputs: readonly string[];
  /** URNs of what it is made after: its parent too. */
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** Undefined: as the provider wants it. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly deletedWith: string;
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
}

/**
 * Reads a registration. Throws on an input that cannot be read (a file that is not there, a kind of value that is not
 * supported) and on an option that is not supported.
 */
export function readRegistration(
  request: RegisterResourceRequest,
  parts: UrnParts,
  formerParents: readonly string[],
): Registration {
  refuseOptions(request);
  const raw = (request.getObject()?.toJavaScript() ?? {}) as JsonObject;
  return {
    urn: urnOf(parts),
    type: parts.type,
    name: parts.name,
    formerUrns: formerUrns(parts, request.getAliasesList(), formerParents),
    inputs: plainObject(raw),
    secretInputs: secretPaths(raw),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    dependencies: [...request.getDependenciesList(), ...(parts.parent === "" ? [] : [parts.parent])],
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    deletedWith: request.getDeletedwith(),
    retainOnDelete: request.getRetainondelete() ?? false,
    protect: request.getProtect() ?? false,
  };
}

/** Options that would be silently without effect here. */
function refuseOptions(request: RegisterResourceRequest): void {
  const hooks: Readonly<Record<string, unknown>> = request.getHooks()?.toObject() ?? {};
  const timeouts = Object.values(request.getCustomtimeouts()?.toObject() ?? {});
  const given = {
    import: request.getImportid() !== "",
    provider: request.getProvider() !== "",
    customTimeouts: timeouts.some((timeout) => timeout !== ""),
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    transforms: request.getTransformsList().length > 0,
    hooks: Object.values(hooks).some((list) => Array.isArray(list) && list.length > 0),
  };
  const [name] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (name)
    throw new Error(`the emulator does not support the resource option ${name}: deploy with the Pulumi command line`);
}
