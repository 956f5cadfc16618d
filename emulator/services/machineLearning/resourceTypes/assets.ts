import type { Json, JsonObject } from "../../../../contract/json.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { Resources, StoredResource } from "../../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../../platform/resourceType.js";
import type { Context } from "../context.js";
import { badArgument, immutableAsset } from "../errors.js";
import { plainName, types, workspaceIdOf } from "../names.js";
import { resolveUri } from "../uris.js";

/** How the versions of one kind of asset look. */
interface AssetKind {
  readonly type: string;
  /** What can never change once a version exists, with what stands for an absent member; required without one. */
  readonly content: Readonly<Record<string, Json | undefined>>;
  /** Throws a refusal of a content that the service does not take. */
  check?(content: JsonObject, workspace: StoredResource): void;
}

/** Assets and their versions: a version's content never changes and a version is never deleted, only archived. */
export function assetResources({ platform }: Context): readonly ResourceType[] {
  const named = (uri: string, workspace: StoredResource) => void resolveUri(platform.resources, workspace, uri);
  const kinds: readonly AssetKind[] = [
    {
      type: types.data,
      content: { dataType: undefined, dataUri: undefined },
      check({ dataType, dataUri }, workspace) {
        if (!["uri_file", "uri_folder", "mltable"].includes(String(dataType))) {
          throw badArgument(`dataType is '${String(dataType)}': it must be uri_file, uri_folder or mltable.`);
        }
        named(String(dataUri), workspace);
      },
    },
    {
      type: types.model,
      content: { modelType: "custom_model", modelUri: undefined },
      check: ({ modelUri }, workspace) => named(String(modelUri), workspace),
    },
    {
      type: types.code,
      content: { codeUri: undefined },
      check({ codeUri }, workspace) {
        if (!String(codeUri).startsWith("https://")) {
          throw badArgument(`codeUri is '${String(codeUri)}': it must be the https URL of a folder in blob storage.`);
        }
        named(String(codeUri), workspace);
      },
    },
    { type: types.environment, content: { image: undefined, condaFile: null, osType: "Linux" } },
  ];
  return kinds.flatMap((kind) => [containerResource(kind.type), versionResource(kind, platform.resources)]);
}

/** `data/{n}`, `models/{n}`…: appears with its first version. */
function containerResource(type: string): ResourceType {
  return {
    type,
    putStyle: "synchronous",
    tracked: false,
    deletable: false,
    madeByChild: true,
    prepare: ({ body, existing }) => ({
      properties: { ...(existing ? propertiesOf(existing) : emptyContainer), ...described(body) },
    }),
  };
}

function versionResource(kind: AssetKind, resources: Resources): ResourceType {
  return {
    type: `${kind.type}/versions`,
    putStyle: "synchronous",
    tracked: false,
    deletable: false,
    prepare(request) {
      checkNames(request);
      const content = contentOf(kind, request);
      const workspace = resources.get(workspaceIdOf(request.id) ?? "");
      if (workspace) kind.check?.(content, workspace);
      const before = request.existing && propertiesOf(request.existing);
      const changed = before && Object.keys(kind.content).some((member) => before[member] !== content[member]);
      if (changed) throw immutableAsset();
      return { properties: { ...content, ...described(request.body), provisioningState: "Succeeded" } };
    },
    async apply(version, { existing }) {
      if (existing) return;
      const id = version.id.slice(0, version.id.lastIndexOf("/versions/"));
      const container = resources.get(id);
      const before = container ? propertiesOf(container) : emptyContainer;
      const number = /^\d+$/.test(version.name) ? Number(version.name) + 1 : null;
      const properties = {
        ...before,
        ...(kind.type === types.data && { dataType: propertiesOf(version)["dataType"] ?? null }),
        latestVersion: version.name,
        nextVersion: number === null ? (before["nextVersion"] ?? null) : String(number),
      };
      const name = id.slice(id.lastIndexOf("/") + 1);
      resources.put({ id, type: kind.type, name, createdWith: version.createdWith, body: { properties } });
    },
  };
}

/** Both the asset's name and the version's. */
function checkNames({ id, name }: PutRequest): void {
  const asset = id.split("/").at(-3) ?? "";
  for (const each of [asset, name]) {
    if (plainName.test(each)) continue;
    throw badArgument(`The name '${each}' is not valid: letters, digits, '.', '_' and '-', a letter or digit first.`);
  }
}

const emptyContainer: JsonObject = {
  description: null,
  tags: {},
  properties: {},
  isArchived: false,
  latestVersion: null,
  nextVersion: null,
};

function contentOf(kind: AssetKind, { body, name }: PutRequest): JsonObject {
  const given = objectAt(body, "properties");
  return Object.fromEntries(
    Object.entries(kind.content).map(([member, absent]) => {
      const value = textAt(given, member) ?? absent;
      if (value === undefined) throw badArgument(`The version '${name}' of ${kind.type} needs '${member}'.`);
      return [member, value];
    }),
  );
}

/** The members that may change. */
function described(body: JsonObject): JsonObject {
  const given = objectAt(body, "properties");
  return {
    description: given["description"] ?? null,
    tags: objectAt(given, "tags"),
    properties: objectAt(given, "properties"),
    isAnonymous: given["isAnonymous"] === true,
    isArchived: given["isArchived"] === true,
  };
}
