import type { Store } from "../../../platform/store.js";
import { checkDefinition } from "../pipelines/checkDefinition.js";
import { checkTrigger } from "../triggers/definition.js";
import { triggerEnabled } from "../triggers/errors.js";
import type { StartedTriggers } from "../triggers/startedTriggers.js";
import { datasetKind, linkedServiceKind, pipelineKind, triggerKind } from "./artifactKinds.js";
import { type Artifacts, openArtifacts } from "./artifacts.js";
import { checkDataset, checkLinkedService } from "./checkDefinitions.js";
import { withoutSecrets } from "./secrets.js";
import type { ServedArtifacts } from "./servedArtifacts.js";

/** Everything that is published to workspaces, by kind. */
export interface WorkspaceArtifacts {
  readonly pipelines: Artifacts;
  readonly linkedServices: Artifacts;
  readonly datasets: Artifacts;
  readonly triggers: Artifacts;
  /** All kinds, in the order in which a deletion of the workspace goes through them. */
  readonly served: readonly ServedArtifacts[];
}

/** Opens the tables of all kinds; a trigger that is in `started` is shown as started and takes no change. */
export function openWorkspaceArtifacts(store: Store, started: StartedTriggers): WorkspaceArtifacts {
  const pipelines = openArtifacts(store, pipelineKind);
  const linkedServices = openArtifacts(store, linkedServiceKind);
  const datasets = openArtifacts(store, datasetKind);
  const triggers = openArtifacts(store, triggerKind);
  return {
    pipelines,
    linkedServices,
    datasets,
    triggers,
    served: [
      {
        artifacts: pipelines,
        check: checkDefinition,
        shown: (_workspace, { properties, publishedAt }) => ({ ...properties, lastPublishTime: publishedAt }),
      },
      {
        artifacts: linkedServices,
        check: checkLinkedService,
        shown: (_workspace, { properties }) => withoutSecrets(properties),
      },
      { artifacts: datasets, check: checkDataset, shown: (_workspace, { properties }) => properties },
      {
        artifacts: triggers,
        check: checkTrigger,
        checkIdle(workspace, name) {
          if (started.has(workspace, name)) throw triggerEnabled();
        },
        shown: (workspace, { name, properties }) => ({
          ...properties,
          runtimeState: started.has(workspace, name) ? "Started" : "Stopped",
        }),
      },
    ],
  };
}
