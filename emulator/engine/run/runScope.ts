import type { ScopeOutcome } from "../activities/activityType.js";
import type { PlannedActivity, PlannedScope } from "../plan/planned.js";
import { mayStart, outcomeOf, type Settled } from "./outcome.js";
import { runActivity } from "./runActivity.js";
import { Stop } from "./stop.js";
import type { Frame, World } from "./world.js";

/**
 * Runs a list of activities: each starts as soon as all it depends on has ended, all that may run at once do. Rejects
 * with a `Stop` only after every activity in flight has written how it ended.
 */
export async function runScope(world: World, scope: PlannedScope, frame: Frame): Promise<ScopeOutcome> {
  const ended = new Map<string, Settled>();
  const begun = new Map<string, Promise<void>>();

  async function settle(activity: PlannedActivity): Promise<void> {
    await Promise.all(activity.dependsOn.map(({ key }) => begin(scope.byKey.get(key))));
    ended.set(activity.key, mayStart(activity, ended) ? await start(activity) : { status: "Skipped" });
  }

  function begin(activity: PlannedActivity | undefined): Promise<void> {
    if (!activity) return Promise.resolve();
    const known = begun.get(activity.key);
    if (known) return known;
    const promise = settle(activity);
    begun.set(activity.key, promise);
    return promise;
  }

  function start(activity: PlannedActivity): Promise<Settled> {
    const interrupted = world.history.lastAttempt(frame.prefix + activity.definition.name);
    if (!interrupted) frame.signal.throwIfAborted();
    return runActivity(world, activity, frame);
  }

  for (const activity of scope.activities) begin(activity).catch(stopRunOn(world));
  const results = await Promise.allSettled(begun.values());
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw failures.find((failure) => !(failure instanceof Stop)) ?? failures[0];
  return outcomeOf(scope, ended);
}

/** What is no `Stop` is a fault of this program or of the journal: the other branches must not go on. */
const stopRunOn = (world: World) => (error: unknown) => {
  if (!(error instanceof Stop)) world.controller.abort(new Stop("closing"));
};
