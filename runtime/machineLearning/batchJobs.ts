import { exitCodes, ProgramError } from "../../contract/errors.js";
import { isJsonObject } from "../../contract/json.js";
import { HttpError } from "../http/errors.js";
import type { ActivityRunRecord } from "../synapse/schemas.js";
import type { ResourceManager } from "./resourceManager.js";

/** A batch job that a pipeline has started; `workspaceId` is the ARM id of its Azure ML workspace. */
export interface BatchJob {
  readonly name: string;
  readonly workspaceId: string;
}

/** What became of a wish to cancel a job: `over` (it had ended), `requested`, or `refused` with the sentence and its cure. */
export interface JobStop extends BatchJob {
  readonly outcome: "over" | "requested" | "refused";
  /** The job's status before. */
  readonly status: string | null;
  readonly sentence: string | null;
  readonly cure: string | null;
  readonly studioUrl: string;
}

const jobId =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+)\/(?:.*\/)?jobs\/([^/]+)$/i;

/** The batch jobs in the outputs of activities, each once: whatever a batch endpoint answers carries the job's ARM id. */
export function batchJobsOf(activities: readonly ActivityRunRecord[]): BatchJob[] {
  const jobs = new Map<string, BatchJob>();
  for (const { output } of activities) {
    const id = isJsonObject(output) && typeof output.id === "string" ? jobId.exec(output.id) : null;
    const [, workspaceId, name] = id ?? [];
    if (workspaceId !== undefined && name !== undefined) jobs.set(name, { name, workspaceId });
  }
  return [...jobs.values()];
}

/** A deployment of a batch endpoint that has answered an activity. */
export interface ScoringDeployment {
  /** ARM id. */
  readonly id: string;
  readonly endpoint: string;
  readonly deployment: string;
}

const deploymentJobId = /^(\/.+\/batchEndpoints\/([^/]+)\/deployments\/([^/]+))\/jobs\/[^/]+$/i;

/** The deployments that activities have started jobs of, each once: a batch endpoint's answer has the job's ARM id. */
export function deploymentsOf(activities: readonly Pick<ActivityRunRecord, "output">[]): ScoringDeployment[] {
  const found = new Map<string, ScoringDeployment>();
  for (const { output } of activities) {
    const match = isJsonObject(output) && typeof output.id === "string" ? deploymentJobId.exec(output.id) : null;
    const [, id, endpoint, deployment] = match ?? [];
    if (id && endpoint && deployment) found.set(id.toLowerCase(), { id, endpoint, deployment });
  }
  return [...found.values()];
}

const ended = ["Completed", "Failed", "Canceled"];

/** Cancels a job (Resource Manager, Jobs - Cancel) unless it has ended; a refusal, or a way that is not there, is told, not thrown. */
export async function stopJob(job: BatchJob, resources: ResourceManager): Promise<JobStop> {
  const studioUrl = `https://ml.azure.com/runs/${job.name}?wsid=${job.workspaceId}`;
  const id = `${job.workspaceId}/jobs/${job.name}`;
  let status: string | null = null;
  try {
    const properties = (await resources.get(id))?.properties;
    status = isJsonObject(properties) && typeof properties.status === "string" ? properties.status : null;
    if (properties === undefined || (status !== null && ended.includes(status))) {
      return { ...job, outcome: "over", status, sentence: null, cure: null, studioUrl };
    }
    await resources.ask(id, "cancel");
    return { ...job, outcome: "requested", status, sentence: null, cure: null, studioUrl };
  } catch (thrown) {
    if (!(thrown instanceof ProgramError) || thrown.exitCode === exitCodes.interrupted) throw thrown;
    return { ...job, outcome: "refused", status, sentence: thrown.message, cure: cureOf(thrown), studioUrl };
  }
}

function cureOf(thrown: ProgramError): string | null {
  const isForbidden = thrown instanceof HttpError && thrown.status === 403;
  return isForbidden ? "give this identity the role AzureML Data Scientist on the workspace" : (thrown.cure ?? null);
}

/** One sentence for a person. */
export function jobLine({ name, outcome, status, sentence, cure, studioUrl }: JobStop): string {
  if (outcome === "over")
    return `batch job ${name} ${status === null ? "is not there any more" : `had ended: ${status}`}`;
  if (outcome === "requested") return `batch job ${name} is being cancelled`;
  const next = `${cure === null ? "" : `${cure}, or `}cancel the job in Studio`;
  return `batch job ${name} goes on, it could not be cancelled: ${sentence}\n  ${next}: ${studioUrl}`;
}
