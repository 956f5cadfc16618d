import { createEngine, type Engine } from "../../../engine/engine.js";
import type { HttpPort } from "../../../engine/ports.js";
import type { Platform } from "../../../platform/platform.js";
import type { Artifacts } from "../artifacts/artifacts.js";
import type { Callbacks } from "../callbacks.js";
import { toWorkspace, type Workspace } from "../workspaces.js";
import { createJournal } from "./journal.js";
import { resumeRuns } from "./resumeRuns.js";
import type { Runs } from "./runs.js";
import { createIdentityPort } from "./workspaceIdentity.js";

/** The pipeline engines: one a workspace, made when it is first needed. */
export interface Engines {
  of(workspace: Workspace): Engine;
  /** Lets the unfinished runs of every workspace go on. */
  resume(runs: Runs): void;
  /** Stops the workspace's engine without ending its runs. */
  close(workspaceKey: string): Promise<void>;
  /** The same for all of them, after the answers of requests that are under way. */
  closeAll(): Promise<void>;
}

/** Real milliseconds: long enough for what answers at all, short enough for a person who waits at a terminal. */
const graceMs = 10_000;

/** Engines whose requests leave by `outbound` and whose journals are in the platform's store. */
export function createEngines(parts: {
  readonly platform: Platform;
  readonly pipelines: Artifacts;
  readonly linkedServices: Artifacts;
  readonly datasets: Artifacts;
  readonly callbacks: Callbacks;
  readonly outbound: HttpPort;
  /** How many times as fast as a watch the platform's clock runs. */
  readonly timeScale: number;
}): Engines {
  const { platform, pipelines, linkedServices, datasets, callbacks, outbound, timeScale } = parts;
  const engines = new Map<string, Engine>();
  const self: Engines = {
    of(workspace) {
      const running = engines.get(workspace.key);
      if (running) return running;
      const engine = createEngine({
        clock: platform.clock,
        ids: platform.ids,
        http: outbound,
        identity: createIdentityPort(platform, outbound, workspace),
        callbacks: callbacks.port(workspace),
        journal: createJournal(platform.store, workspace.key),
        artifacts: {
          pipeline: (name) => pipelines.get(workspace.key, name)?.properties,
          linkedService: (name) => linkedServices.get(workspace.key, name)?.properties,
          dataset: (name) => datasets.get(workspace.key, name)?.properties,
        },
        workspace: { id: workspace.id, name: workspace.name, location: workspace.location },
      });
      engines.set(workspace.key, engine);
      return engine;
    },
    resume(runs) {
      const unfinished = runs.unfinished();
      for (const key of new Set(unfinished.map(({ workspace }) => workspace))) {
        const resource = platform.resources.get(key);
        if (!resource) continue;
        const ofWorkspace = unfinished.filter(({ workspace }) => workspace === key);
        resumeRuns(platform, self.of(toWorkspace(resource)), ofWorkspace);
      }
    },
    async close(workspaceKey) {
      await engines.get(workspaceKey)?.close();
      engines.delete(workspaceKey);
    },
    async closeAll() {
      await Promise.all([...engines.values()].map((engine) => engine.close({ graceMs: graceMs * timeScale })));
      engines.clear();
    },
  };
  return self;
}
