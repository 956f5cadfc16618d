import type { SynapseClient } from "../../../runtime/synapse/client.js";

type Asked = "getPipeline" | "getRun" | "queryPipelineRuns" | "queryActivityRuns";

const notUsed = () => Promise.reject(new Error("not used here"));

/** A client of a workspace in memory that is only watched: what no watch asks, or these answers leave out, rejects. */
export function watchedClient(answers: Partial<Pick<SynapseClient, Asked>>): SynapseClient {
  return {
    createRun: notUsed,
    listPipelines: notUsed,
    cancelRun: notUsed,
    isAllowed: notUsed,
    getPipeline: notUsed,
    getRun: notUsed,
    queryPipelineRuns: notUsed,
    queryActivityRuns: notUsed,
    ...answers,
  };
}
