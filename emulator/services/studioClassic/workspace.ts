import { studioClassicUrl } from "../../../contract/hosts.js";

/**
 * The one workspace with its one web service that exists from the start, as nobody can make another any more. Its ids
 * are those of the source document, so that its samples work as they stand there.
 */
export const workspace = {
  id: "f4a5c63f0e6a40e2a8b4244226a5c91f",
  name: "Retraining",
  region: "ussouthcentral",
  /** The storage account that is associated with it: default outputs and the jobs' logs. */
  storageAccount: "bdtretrainstorage",
  webService: {
    id: "8c1f0d5b6f2a4c0e9b7d3a51e6c24f98",
    name: "Boosted-Decision-Tree-Retrain",
    createdAt: "2017-08-17T19:55:00Z",
  },
  /** The endpoint that jobs are sent to, unless a further one was made. */
  defaultEndpoint: { id: "3ab4bbca4a2c498cbbd5186558625f02", name: "default" },
  /** What the trained model is called in an endpoint's resources. */
  trainedModel: "Boosted Decision Tree [trained model]",
} as const;

/** The address of an endpoint, below which its jobs are. */
export const endpointUrl = (endpointId: string) => studioClassicUrl(workspace.region, workspace.id, endpointId);
