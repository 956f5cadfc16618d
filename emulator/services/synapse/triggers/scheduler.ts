import { messageOf } from "../../../../contract/errors.js";
import type { Platform } from "../../../platform/platform.js";
import type { Artifacts } from "../artifacts/artifacts.js";
import { toWorkspace, type Workspace } from "../workspaces.js";
import { readTriggerRecurrence } from "./definition.js";
import type { Fire } from "./firing.js";
import { nextOccurrence } from "./occurrences.js";
import type { StartedTrigger, StartedTriggers } from "./startedTriggers.js";

/**
 * What is so late was missed: the machine slept. Like Azure's schedule triggers (and unlike tumbling windows) these
 * make up for nothing that they missed, so neither for the time in which the emulator did not run.
 */
const missedAfterMs = 60 * 60 * 1000;

/** Fires the started triggers on the emulator's clock, each occurrence once. */
export interface Scheduler {
  /** Goes on with the triggers that are started; what fell due before is missed. */
  resume(): void;
  /** From now on; undefined when the recurrence is over or cannot be read. */
  start(workspace: Workspace, name: string): Date | undefined;
  stop(workspace: string, name: string): void;
  close(): void;
}

/** A scheduler of the triggers in `triggers`; which of them are started, and until when they fired, is in `started`. */
export function createScheduler(
  platform: Platform,
  { triggers, started, fire }: { readonly triggers: Artifacts; readonly started: StartedTriggers; readonly fire: Fire },
): Scheduler {
  const { clock, store, resources, log } = platform;
  let timer = new AbortController();
  let closed = false;

  const nextOf = (workspace: string, name: string, after: Date): Date | undefined => {
    const trigger = triggers.get(workspace, name);
    const recurrence = trigger && readTriggerRecurrence(trigger.properties);
    return recurrence && "frequency" in recurrence ? nextOccurrence(recurrence, after) : undefined;
  };

  /** In one transaction: that it has fired, the runs that it started, and when it fires again. */
  const fireOnce = ({ workspace, name, next }: StartedTrigger & { readonly next: Date }) => {
    const now = clock.now();
    const missed = now.getTime() - next.getTime() > missedAfterMs;
    store.transaction(() => {
      const resource = resources.get(workspace);
      const trigger = triggers.get(workspace, name);
      if (resource && trigger && !missed) fire(toWorkspace(resource), trigger, next);
      started.set({ workspace, name, next: nextOf(workspace, name, missed ? now : next) });
    });
  };

  const fireDue = () => {
    for (let due = started.first(); due && due.next <= clock.now(); due = started.first()) {
      try {
        fireOnce(due);
      } catch (error) {
        log(`The trigger ${due.name} could not fire at ${due.next.toISOString()}: ${messageOf(error)}`);
        started.set({ ...due, next: nextOf(due.workspace, due.name, due.next) });
      }
    }
  };

  const arm = () => {
    timer.abort();
    timer = new AbortController();
    const first = closed ? undefined : started.first();
    if (!first) return;
    const { signal } = timer;
    clock.sleep(Math.max(0, first.next.getTime() - clock.now().getTime()), signal).then(
      () => {
        if (signal.aborted) return;
        fireDue();
        arm();
      },
      () => {},
    );
  };

  return {
    resume() {
      const now = clock.now();
      for (let due = started.first(); due && due.next < now; due = started.first()) {
        started.set({ ...due, next: nextOf(due.workspace, due.name, now) });
      }
      arm();
    },
    start(workspace, name) {
      // an occurrence at this very moment counts
      const next = nextOf(workspace.key, name, new Date(clock.now().getTime() - 1));
      started.set({ workspace: workspace.key, name, next });
      arm();
      return next;
    },
    stop(workspace, name) {
      started.remove(workspace, name);
      arm();
    },
    close() {
      closed = true;
      timer.abort();
    },
  };
}
