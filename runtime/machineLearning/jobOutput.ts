import * as z from "zod";
import { isJsonObject } from "../../contract/json.js";
import type { ActivityRunRecord } from "../synapse/schemas.js";
import { batchJobsOf } from "./batchJobs.js";
import type { ResourceManager } from "./resourceManager.js";

/** A file of a batch job, by the datastore that it is written to. */
export interface JobOutput {
  /** ARM id of the Azure ML workspace. */
  readonly workspaceId: string;
  readonly datastore: string;
  readonly path: string;
}

const datastorePath = /\/datastores\/([^/]+)\/paths\/(.+)$/;

/** Where the batch job of these activities writes to, by the batch endpoint's answer to its invocation; undefined where none says. */
export function jobOutputOf(activities: readonly ActivityRunRecord[]): JobOutput | undefined {
  for (const activity of activities) {
    const [job] = batchJobsOf([activity]);
    const properties = isJsonObject(activity.output) ? activity.output.properties : undefined;
    const outputs = isJsonObject(properties) && isJsonObject(properties.outputData) ? properties.outputData : {};
    for (const output of Object.values(outputs)) {
      const uri = isJsonObject(output) && typeof output.uri === "string" ? output.uri : "";
      const [, datastore, path] = datastorePath.exec(uri) ?? [];
      if (job && datastore && path) return { workspaceId: job.workspaceId, datastore, path };
    }
  }
  return undefined;
}

const blobDatastore = z.looseObject({
  properties: z.looseObject({ accountName: z.string(), containerName: z.string(), endpoint: z.string().nullish() }),
});

/** The address of the file (Resource Manager, Datastores - Get); undefined where the datastore is no blob container. */
export async function blobOf(
  { workspaceId, datastore, path }: JobOutput,
  resources: ResourceManager,
): Promise<string | undefined> {
  const found = blobDatastore.safeParse(await resources.get(`${workspaceId}/datastores/${datastore}`));
  if (!found.success) return undefined;
  const { accountName, containerName, endpoint } = found.data.properties;
  return `https://${accountName}.blob.${endpoint || "core.windows.net"}/${containerName}/${path}`;
}
