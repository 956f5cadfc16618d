import { createEngine, type Engine } from "../../../engine/engine.js";
import type { HttpPort } from "../../../engine/ports.js";
import type { Platform } from "../../../platform/platform.js";
import { toWorkspace, type Workspace } from "../workspaces.js";
import { createJournal } from "./journal.js";
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

/** Long enough for what answers at all, short enough for a person who waits at a terminal. */
const graceMs = 10_000;

/** Engines whose requests leave by `outbound` and whose journals are in the platform's store. */
export function createEngines(platform: Platform, outbound: HttpPort): Engines {
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
        journal: createJournal(platform.store, workspace.key),
        workspace: { id: workspace.id, name: workspace.name, location: workspace.location },
      });
      engines.set(workspace.key, engine);
      return engine;
    },
    resume(runs) {
      const unfinished = runs.unfinished();
      for (const key of new Set(unfinished.map(({ workspace }) => workspace))) {
        const resource = platform.resources.get(key);
        const runIds = unfinished.filter(({ workspace }) => workspace === key).map(({ runId }) => runId);
        if (resource) self.of(toWorkspace(resource)).resume(runIds);
      }
    },
    async close(workspaceKey) {
      await engines.get(workspaceKey)?.close();
      engines.delete(workspaceKey);
    },
    async closeAll() {
      await Promise.all([...engines.values()].map((engine) => engine.close({ graceMs })));
      engines.clear();
    },
  };
  return self;
}
