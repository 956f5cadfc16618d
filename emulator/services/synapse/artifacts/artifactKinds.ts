import { actions } from "../roles/permissions.js";

/** One kind of artifact of a workspace: how its paths, records, references and permissions are called (2020-12-01). */
export interface ArtifactKind {
  /** The first segment of its path and the last of its type. */
  readonly segment: "pipelines" | "linkedservices" | "datasets" | "triggers";
  /** The segment in the ids of operation records, whose case differs for linked services. */
  readonly recordSegment: string;
  /** `type` of its operation records; `<recordType>NotFound` is the code of its 404. */
  readonly recordType: "Pipeline" | "LinkedService" | "Dataset" | "Trigger";
  readonly noun: string;
  /** `type` of what refers to it in other artifacts; undefined where nothing can. */
  readonly reference: string | undefined;
  readonly table: string;
  /** Whether its definition may hold secrets, and is encrypted in the store. */
  readonly sealed: boolean;
  readonly renamable: boolean;
  readonly actions: { readonly list: string; readonly write: string; readonly delete: string };
}

export const pipelineKind: ArtifactKind = {
  segment: "pipelines",
  recordSegment: "pipelines",
  recordType: "Pipeline",
  noun: "pipeline",
  reference: "PipelineReference",
  table: "synapse_pipelines",
  sealed: false,
  renamable: true,
  actions: { list: actions.readArtifacts, write: actions.writePipelines, delete: actions.deletePipelines },
};

export const linkedServiceKind: ArtifactKind = {
  segment: "linkedservices",
  recordSegment: "linkedServices",
  recordType: "LinkedService",
  noun: "linked service",
  reference: "LinkedServiceReference",
  table: "synapse_linked_services",
  sealed: true,
  renamable: true,
  // every Synapse User may see which there are
  actions: { list: actions.read, write: actions.writeLinkedServices, delete: actions.deleteLinkedServices },
};

export const datasetKind: ArtifactKind = {
  segment: "datasets",
  recordSegment: "datasets",
  recordType: "Dataset",
  noun: "dataset",
  reference: "DatasetReference",
  table: "synapse_datasets",
  sealed: false,
  renamable: true,
  actions: { list: actions.readArtifacts, write: actions.writeDatasets, delete: actions.deleteDatasets },
};

export const triggerKind: ArtifactKind = {
  segment: "triggers",
  recordSegment: "triggers",
  recordType: "Trigger",
  noun: "trigger",
  reference: undefined,
  table: "synapse_triggers",
  sealed: false,
  renamable: false,
  actions: { list: actions.readArtifacts, write: actions.writeTriggers, delete: actions.deleteTriggers },
};
