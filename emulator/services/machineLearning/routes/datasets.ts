import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { audiences } from "../../../../contract/hosts.js";
import type { JsonObject } from "../../../../contract/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { Store } from "../../../platform/store.js";
import { authenticate, authorize } from "../caller.js";
import type { Context } from "../context.js";
import { badArgument, notFound } from "../errors.js";
import { hostOf, workspaceIn } from "../hosts.js";
import { actions } from "../names.js";

const prefix =
  "/dataset/v1.0/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.MachineLearningServices/workspaces/:workspace/saveddatasets";
const body = z.object({ datastorename: z.string().min(1), relativepath: z.string().min(1) });

/** Ends the datasets of a workspace that nobody can recover. */
export const removeDatasets = (store: Store, workspaceId: string): void =>
  store.run("DELETE FROM machine_learning_datasets WHERE workspace = ?", workspaceId.toLowerCase());

/**
 * `https://<region>.experiments.azureml.net`: the dataset service of the first SDK. `from-data-path` makes an
 * unregistered file dataset of a path in a datastore, and finds it again for the same path; nothing is read.
 */
export function datasetRoutes(application: FastifyInstance, context: Context): void {
  const { store, ids, resources } = context.platform;
  store.migrate("machineLearningDatasets", [
    "CREATE TABLE machine_learning_datasets (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, dataset TEXT NOT NULL)",
  ]);
  store.migrate("machineLearningDatasetPaths", [
    "ALTER TABLE machine_learning_datasets ADD COLUMN path TEXT",
    "CREATE UNIQUE INDEX machine_learning_datasets_by_path ON machine_learning_datasets (workspace, path)",
  ]);

  application.post(`${prefix}/from-data-path`, async (request) => {
    const workspace = await admit(request, actions.writeUnregisteredDataset);
    const parsed = body.safeParse(lowerKeys(request.body));
    if (!parsed.success) throw badArgument("The body must name DatastoreName and RelativePath.");
    const { datastorename: datastoreName, relativepath: relativePath } = parsed.data;
    if (!resources.get(`${workspace.id}/datastores/${datastoreName}`)) {
      throw notFound(`Unable to find the datastore '${datastoreName}' in the workspace '${workspace.name}'.`);
    }
    const key = workspace.id.toLowerCase();
    const place = `${datastoreName.toLowerCase()}/${relativePath.replace(/^\/+/, "")}`;
    const known = store.all(
      "SELECT dataset FROM machine_learning_datasets WHERE workspace = ? AND path = ?",
      key,
      place,
    )[0];
    if (known) return JSON.parse(String(known["dataset"]));
    const dataset = newDataset(workspace, datastoreName, relativePath);
    store.run(
      "INSERT INTO machine_learning_datasets (id, workspace, dataset, path) VALUES (?, ?, ?, ?)",
      String(dataset["id"]),
      key,
      JSON.stringify(dataset),
      place,
    );
    return dataset;
  });

  application.get<{ Params: { id: string } }>(`${prefix}/:id`, async (request) => {
    const workspace = await admit(request, actions.readUnregisteredDataset);
    const row = store.get(
      "SELECT dataset FROM machine_learning_datasets WHERE id = ? AND workspace = ?",
      request.params.id.toLowerCase(),
      workspace.id.toLowerCase(),
    );
    if (!row) throw notFound(`There is no dataset '${request.params.id}'.`);
    return JSON.parse(String(row["dataset"]));
  });

  function newDataset(workspace: StoredResource, datastoreName: string, relativePath: string): JsonObject {
    return {
      id: ids.uuid(),
      datasetType: "file",
      properties: {},
      dataflowJson: dataflow(ids.uuid(), workspace, datastoreName, relativePath),
      dataChanged: true,
      dataPath: {
        datastoreName,
        relativePath,
        azureFilePath: null,
        paths: null,
        sqlDataPath: null,
        httpUrl: null,
        partitionFormat: null,
        additionalProperties: {},
      },
    };
  }

  /** The workspace of the path, when the caller may do this there; this service takes tokens for Resource Manager too. */
  async function admit(request: FastifyRequest, action: string): Promise<StoredResource> {
    const allowed = [...audiences.machineLearning, ...audiences.resourceManager];
    const caller = await authenticate(context.platform, request, allowed);
    const region = hostOf(request.hostname)?.region ?? "";
    const workspace = workspaceIn(resources, region, request.params as Readonly<Record<string, string>>);
    if (!workspace) throw notFound(`There is no such workspace in the region '${region}'.`);
    authorize(context.platform, caller, [action], workspace.id);
    return workspace;
  }
}

function lowerKeys(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
}

/** The dataset's definition, as the data preparation engine reads it. */
function dataflow(blockId: string, workspace: StoredResource, datastoreName: string, path: string): string {
  const [, , subscription, , resourceGroup] = workspace.id.split("/");
  const datastores = [{ datastoreName, path, resourceGroup, subscription, workspaceName: workspace.name }];
  const block = { id: blockId, type: "Microsoft.DPrep.GetDatastoreFilesBlock", arguments: { datastores } };
  return JSON.stringify({ blocks: [block], inspectors: [] });
}
