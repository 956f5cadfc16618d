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

/** The outputs that the batch endpoint's answer to this activity names. */
function outputsOf(activity: ActivityRunRecord): JobOutput[] {
  const [job] = batchJobsOf([activity]);
  const properties = isJsonObject(activity.output) ? activity.output.properties : undefined;
  const outputs = isJsonObject(properties) && isJsonObject(properties.outputData) ? properties.outputData : {};
  return Object.values(outputs).flatMap((output) => {
    const uri = isJsonObject(output) && typeof output.uri === "string" ? output.uri : "";
    const [, datastore, path] = datastorePath.exec(uri) ?? [];
    return job && datastore && path ? [{ workspaceId: job.workspaceId, datastore, path }] : [];
  });
}

/** Where the batch job of these activities writes to, by the batch endpoint's answer to its invocation; undefined where none says. */
export function jobOutputOf(activities: readonly ActivityRunRecord[]): JobOutput | undefined {
  return activities.flatMap(outputsOf)[0];
}

/** The activities whose batch job writes to the path of the file at `url`; one whose answer names no path is none of them. */
export function writersOf(activities: readonly ActivityRunRecord[], url: string): ActivityRunRecord[] {
  const { pathname: file, origin } = new URL(url);
  // by the same way as the file's own path, so that any character is written alike
  const written = ({ path }: JobOutput) => new URL(`${origin}/${path}`).pathname;
  return activities.filter((activity) => outputsOf(activity).some((output) => file.endsWith(written(output))));
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
