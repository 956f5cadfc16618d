import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { nearestName } from "../../contract/nearestName.js";
import { readJsonFile, unusable } from "./jsonFile.js";

/** What a Synapse or Data Factory git folder holds, by name: each artifact's `properties`. */
export interface Artifacts {
  readonly pipelines: ReadonlyMap<string, JsonObject>;
  readonly triggers: ReadonlyMap<string, JsonObject>;
  readonly linkedServices: ReadonlyMap<string, JsonObject>;
  readonly datasets: ReadonlyMap<string, JsonObject>;
  /** Of a data factory, by name; undefined for a workspace of Synapse, which has none. */
  readonly globalParameters: JsonObject | undefined;
}

/** The folders of a git repository that Synapse Studio or Data Factory writes. */
const folders = {
  pipelines: "pipeline",
  triggers: "trigger",
  linkedServices: "linkedService",
  datasets: "dataset",
  factories: "factory",
};

const json: z.ZodType<Json> = z.json();
const artifactSchema = z.looseObject({ name: z.string().optional(), properties: z.record(z.string(), json) });

/** A factory without properties is one without global parameters. */
const factorySchema: z.ZodType<z.output<typeof artifactSchema>> = z.preprocess(
  (factory) => (isJsonObject(factory) ? { properties: {}, ...factory } : factory),
  artifactSchema,
);

/**
 * Reads a git folder (its folder of pipelines stands for it), or one pipeline's file with all that stands beside it in such
 * a folder; throws a `ProgramError` (exit code 2) that names the file which cannot be used.
 */
export async function readArtifacts(place: string): Promise<Artifacts & { readonly only: string | undefined }> {
  const found = await stat(place).catch((error: unknown) => unusable(place, error));
  if (found.isDirectory()) return { ...(await readGitFolder(place)), only: undefined };
  const { name, properties } = await readArtifact(place);
  const parent = path.dirname(path.resolve(place));
  const beside = path.basename(parent) === folders.pipelines ? await readFolder(path.dirname(parent)) : nothing;
  return { ...beside, pipelines: new Map([...beside.pipelines, [name, properties]]), only: name };
}

const nothing: Artifacts = {
  pipelines: new Map(),
  triggers: new Map(),
  linkedServices: new Map(),
  datasets: new Map(),
  globalParameters: undefined,
};

/** The artifact of that name, in any case; throws a `ProgramError` (exit code 2) with the nearest name. */
export function artifactNamed(kind: string, artifacts: ReadonlyMap<string, JsonObject>, name: string): JsonObject {
  const found = named(artifacts, name);
  if (found) return found;
  const nearest = nearestName(name, [...artifacts.keys()]);
  throw new ProgramError(exitCodes.usage, `There is no ${kind} '${name}'.`, {
    cure:
      nearest === undefined ? `There are: ${[...artifacts.keys()].join(", ") || "none"}` : `Did you mean ${nearest}?`,
  });
}

/** Names ignore case. */
export function named(artifacts: ReadonlyMap<string, JsonObject>, name: string): JsonObject | undefined {
  const key = [...artifacts.keys()].find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : artifacts.get(key);
}

async function readGitFolder(folder: string): Promise<Artifacts> {
  const artifacts = await readFolder(folder);
  if (artifacts.pipelines.size > 0) return artifacts;
  const absolute = path.resolve(folder);
  if (path.basename(absolute) === folders.pipelines) return readGitFolder(path.dirname(absolute));
  throw new ProgramError(
    exitCodes.usage,
    `${folder} is no git folder of pipelines: it has no pipeline/ with JSON files.`,
    {
      cure:
        "Name the folder that Synapse Studio or Data Factory writes to, the root folder of its git configuration: it has " +
        "pipeline/<name>.json and, beside it, linkedService/, dataset/ and trigger/, as samples/pipelines has.",
    },
  );
}

async function readFolder(folder: string): Promise<Artifacts> {
  const [pipelines, triggers, linkedServices, datasets, factories] = await Promise.all([
    readKind(path.join(folder, folders.pipelines)),
    readKind(path.join(folder, folders.triggers)),
    readKind(path.join(folder, folders.linkedServices)),
    readKind(path.join(folder, folders.datasets)),
    readKind(path.join(folder, folders.factories), factorySchema),
  ]);
  const [factory] = factories.values();
  return { pipelines, triggers, linkedServices, datasets, globalParameters: factory && globalParametersOf(factory) };
}

/** The values of `{"name": {"type": …, "value": …}}`. */
function globalParametersOf(factory: JsonObject): JsonObject {
  const parameters = factory["globalParameters"];
  const values = Object.entries(isJsonObject(parameters) ? parameters : {}).map(([name, parameter]) => [
    name,
    isJsonObject(parameter) ? (parameter["value"] ?? null) : null,
  ]);
  return Object.fromEntries(values);
}

async function readKind(
  folder: string,
  schema: z.ZodType<z.output<typeof artifactSchema>> = artifactSchema,
): Promise<ReadonlyMap<string, JsonObject>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json")).map(({ name }) => name);
  const artifacts = await Promise.all(files.sort().map((file) => readArtifact(path.join(folder, file), schema)));
  return new Map(artifacts.map(({ name, properties }) => [name, properties]));
}

async function readArtifact(
  file: string,
  schema: z.ZodType<z.output<typeof artifactSchema>> = artifactSchema,
): Promise<{ readonly name: string; readonly properties: JsonObject }> {
  const { name, properties } = await readJsonFile(file, schema, form);
  return { name: name ?? path.basename(file, ".json"), properties };
}

const form = 'Such a file is written by Synapse Studio: {"name": …, "properties": {"activities": […]}}.';
