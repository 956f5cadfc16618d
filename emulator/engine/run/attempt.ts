import { setMaxListeners } from "node:events";
import type { Clock } from "../../../contract/clock.js";
import type { JsonObject } from "../../../contract/json.js";
import { ActivityFailure } from "../activities/activityFailure.js";
import { toJson, type ValueObject } from "../expressions/values.js";
import type { PlannedActivity } from "../plan/planned.js";
import { noPolicy, type Policy } from "../plan/policy.js";
import { AttemptContext } from "./activityContext.js";
import { AttemptJournal } from "./attemptJournal.js";
import { errorRecord, failureOf } from "./failure.js";
import { JournalError } from "./history.js";
import type { Attempt, AttemptEnd } from "./states.js";
import { orAborted, Stop, sleepUntil, stopOf } from "./stop.js";
import type { Frame, World } from "./world.js";

export interface AttemptSetting {
  readonly world: World;
  readonly activity: PlannedActivity;
  readonly frame: Frame;
  readonly place: string;
  /** The policy, or why it cannot be read: then the attempt fails. */
  readonly policy: Policy | ActivityFailure;
  readonly attempt: Attempt;
  /** Whether the journal already has the beginning of this attempt. */
  readonly resumed: boolean;
}

/**
 * Runs one attempt and journals its beginning and its end: the beginning before anything is done that can be seen outside
 * or takes time, and so together with the end where nothing is. Rejects with a `Stop` when it was stopped from outside.
 */
export async function runAttempt(setting: AttemptSetting): Promise<AttemptEnd> {
  const { world, activity, frame, attempt } = setting;
  const { clock } = world.ports;
  const policy = setting.policy instanceof ActivityFailure ? noPolicy : setting.policy;
  if (!setting.resumed) await world.rest.pass(frame.signal);
  const journal = new AttemptJournal(setting, policy);
  const limits = new Limits(frame.signal);
  const context = new AttemptContext(setting, policy, journal, limits.signal);
  try {
    if (setting.policy instanceof ActivityFailure) throw setting.policy;
    journal.describe(userPropertiesOf(setting));
    const output = await limits.run(async () => {
      const timeoutMs = policy.timeoutMs ?? activity.type?.timeout?.(context);
      if (timeoutMs !== undefined) limits.expireAt(clock, new Date(attempt.start.getTime() + timeoutMs));
      // a container ends with its inner activities, which are stopped one by one
      if (activity.scopes.size === 0) limits.signal.throwIfAborted();
      const work: Promise<ValueObject> = activity.type?.run(context) ?? Promise.resolve(new Map());
      return activity.scopes.size === 0 ? orAborted(work, limits.signal) : work;
    });
    return journal.end({ status: "Succeeded", output, error: null, end: clock.now(), final: true }, context.changes());
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const stop = stopOf(frame.signal);
    if (stop?.why === "closing") throw stop;
    if (stop) {
      journal.end({ status: "Cancelled", output: new Map(), error: null, end: clock.now(), final: true });
      throw stop;
    }
    const failure = failureOf(error);
    return journal.end({
      status: "Failed",
      output: failure.output,
      error: errorRecord(failure, activity.definition.name),
      end: clock.now(),
      final: attempt.number >= policy.retry,
    });
  }
}

/** `userProperties` as records show them: by name, evaluated. */
function userPropertiesOf({ world, activity, frame }: AttemptSetting): JsonObject {
  return Object.fromEntries(
    (activity.definition.userProperties ?? []).map(({ name, value }) => [name, toJson(world.evaluate(value, frame))]),
  );
}

/** Made once: nobody reads where it came from, and an error's stack is dear. */
const over = new Stop("closing");

/** The activity's own signal: aborted with the frame's, or when its time is over. */
class Limits {
  private readonly own = new AbortController();
  private watch: AbortController | undefined;

  constructor(private readonly outer: AbortSignal) {
    // as many wait for it as a loop has turns under way
    setMaxListeners(0, this.own.signal);
  }

  get signal(): AbortSignal {
    return this.own.signal;
  }

  expireAt(clock: Clock, deadline: Date): void {
    const expire = () => this.own.abort(new Stop("timeout"));
    if (clock.now() >= deadline) {
      expire();
      return;
    }
    this.watch = new AbortController();
    sleepUntil(clock, deadline, this.watch.signal).then(expire, () => {});
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const follow = () => this.own.abort(this.outer.reason);
    if (this.outer.aborted) follow();
    this.outer.addEventListener("abort", follow, { once: true });
    try {
      return await work();
    } finally {
      this.outer.removeEventListener("abort", follow);
      this.watch?.abort(over);
    }
  }
}
