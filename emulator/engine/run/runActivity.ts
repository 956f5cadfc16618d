import { isJsonObject, type Json } from "../../../contract/json.js";
import { ActivityFailure } from "../activities/activityFailure.js";
import { ExpressionError } from "../expressions/expressionError.js";
import { toJson } from "../expressions/values.js";
import type { PlannedActivity } from "../plan/planned.js";
import { noPolicy, type Policy, readPolicy } from "../plan/policy.js";
import { runAttempt } from "./attempt.js";
import { failureOf } from "./failure.js";
import type { Settled } from "./outcome.js";
import { activityRecord } from "./records.js";
import type { Attempt, AttemptEnd, State } from "./states.js";
import { Stop, sleepUntil } from "./stop.js";
import type { Frame, World } from "./world.js";

/**
 * Runs an activity through as many attempts as its policy allows, or goes on where the journal says that it stood.
 * Rejects with a `Stop` when it was stopped.
 */
export async function runActivity(world: World, activity: PlannedActivity, frame: Frame): Promise<Settled> {
  const { ports, history } = world;
  const place = frame.prefix + activity.definition.name;
  if (!activity.type) return inactive(world, activity, frame, place);
  const policy = policyOf(world, activity, frame);
  const inForce = policy instanceof ActivityFailure ? noPolicy : policy;
  let last = history.lastAttempt(place);
  for (;;) {
    if (last?.end?.final) return settled(activity, frame, last.attempt, last.end);
    if (last?.end) {
      const next = new Date(last.end.end.getTime() + inForce.retryIntervalMs);
      ports.onWait?.({ activityName: activity.definition.name, why: "retry", until: next });
      await sleepUntil(ports.clock, next, frame.signal);
    }
    const attempt =
      last && !last.end
        ? last.attempt
        : { number: (last?.attempt.number ?? -1) + 1, activityRunId: ports.ids.uuid(), start: ports.clock.now() };
    const resumed = attempt === last?.attempt;
    const ending = runAttempt({ world, activity, frame, place, policy, attempt, resumed });
    // these act on the world outside, unlike waits and containers
    const end = await (activity.type.policy === "full" ? world.rest.hold(ending) : ending);
    last = { attempt, end };
  }
}

function settled(activity: PlannedActivity, frame: Frame, attempt: Attempt, end: AttemptEnd): Settled {
  if (end.status === "Cancelled") throw frame.signal.reason ?? new Stop("cancelled");
  frame.outputs.publish(activity.key, attempt, end);
  const output = end.output instanceof Map ? end.output : new Map();
  return { status: end.status, output, error: end.error };
}

/** The policy with its expressions evaluated; the failure of the activity when that cannot be done. */
function policyOf(world: World, activity: PlannedActivity, frame: Frame): Policy | ActivityFailure {
  if (!activity.type) return noPolicy;
  try {
    const given: unknown = activity.definition.policy ?? {};
    const evaluated = toJson(world.evaluate(isJsonObject(given) ? given : {}, frame));
    return readPolicy(isJsonObject(evaluated) ? evaluated : {}, activity.type);
  } catch (error) {
    if (error instanceof ExpressionError) return failureOf(error);
    if (error instanceof RangeError) return new ActivityFailure("BadRequest", error.message);
    throw error;
  }
}

/** An inactive activity is listed and has no output; those that depend on it see the status it is marked as. */
function inactive(world: World, activity: PlannedActivity, frame: Frame, place: string): Settled {
  const { ports, history, facts } = world;
  const status = activity.definition.onInactiveMarkAs ?? "Succeeded";
  if (!history.lastAttempt(place)) {
    const now = ports.clock.now();
    const attempt: Attempt = { number: 0, activityRunId: ports.ids.uuid(), start: now };
    const end: AttemptEnd = { status: "Succeeded", output: new Map(), error: null, end: now, final: true };
    const nothing: Json = {};
    const record = activityRecord(ports.workspace, facts, activity, attempt, {
      status: "Inactive",
      end: now,
      input: nothing,
      output: nothing,
      error: null,
      userProperties: {},
      iterationHash: frame.iterationHash,
    });
    const states: readonly State[] = [
      { name: "attempt", place, attempt },
      { name: "end", place, attempt: 0, end },
    ];
    history.append(states, [{ kind: "activityRun", record }]);
  }
  return status === "Skipped" ? { status } : { status, output: new Map(), error: null };
}
