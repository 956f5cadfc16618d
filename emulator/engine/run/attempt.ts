import type { Clock } from "../../../contract/clock.js";
import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityRunStatus } from "../../../contract/runs.js";
import { ActivityFailure } from "../activities/activityFailure.js";
import { toJson, type ValueObject } from "../expressions/values.js";
import type { PlannedActivity } from "../plan/planned.js";
import { noPolicy, type Policy } from "../plan/policy.js";
import { createContext } from "./activityContext.js";
import { errorRecord, failureOf } from "./failure.js";
import { type Attempt, type AttemptEnd, attemptState, endState, JournalError, type State } from "./history.js";
import { activityRecord } from "./records.js";
import { orAborted, Stop, sleepUntil, stopOf } from "./stop.js";
import type { Frame, World } from "./world.js";

/** What secureInput and secureOutput leave of an input or output. */
const masked: Json = {};

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

/** Runs one attempt and journals its beginning and its end. Rejects with a `Stop` when it was stopped from outside. */
export async function runAttempt(setting: AttemptSetting): Promise<AttemptEnd> {
  const { world, activity, frame, place, attempt } = setting;
  const { clock } = world.ports;
  const policy = setting.policy instanceof ActivityFailure ? noPolicy : setting.policy;
  let input: Json = {};
  let userProperties: JsonObject = {};
  const variables: State[] = [];
  const record = (status: ActivityRunStatus, end?: AttemptEnd) => ({
    kind: "activityRun" as const,
    record: activityRecord(world.ports.workspace, world.facts, activity, attempt, {
      status,
      ...(end && { end: end.end }),
      input: policy.secureInput ? masked : input,
      output: policy.secureOutput ? masked : toJson(end?.output ?? new Map()),
      error: end?.error ?? null,
      userProperties,
      iterationHash: frame.iterationHash,
    }),
  });
  const finish = (end: AttemptEnd, states: readonly State[] = []) => {
    world.history.append([...states, endState(place, attempt.number, end)], [record(end.status, end)]);
    return end;
  };

  if (!setting.resumed) {
    await world.rest.pass(frame.signal);
    world.history.append([attemptState(place, attempt)], [record("InProgress")]);
  }
  const limits = new Limits(frame.signal);
  const context = createContext(setting, limits.signal, {
    secureInput: policy.secureInput,
    secureOutput: policy.secureOutput,
    show: (shown) => {
      input = shown;
      world.history.append([], [record("InProgress")]);
    },
    set: (state) => variables.push(state),
  });
  try {
    if (setting.policy instanceof ActivityFailure) throw setting.policy;
    userProperties = userPropertiesOf(setting);
    const output = await limits.run(async () => {
      const timeoutMs = policy.timeoutMs ?? activity.type?.timeout?.(context);
      if (timeoutMs !== undefined) limits.expireAt(clock, new Date(attempt.start.getTime() + timeoutMs));
      // a container ends with its inner activities, which are stopped one by one
      if (activity.scopes.size === 0) limits.signal.throwIfAborted();
      const work: Promise<ValueObject> = activity.type?.run(context) ?? Promise.resolve(new Map());
      return activity.scopes.size === 0 ? orAborted(work, limits.signal) : work;
    });
    return finish({ status: "Succeeded", output, error: null, end: clock.now(), final: true }, variables);
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const stop = stopOf(frame.signal);
    if (stop?.why === "closing") throw stop;
    if (stop) {
      finish({ status: "Cancelled", output: new Map(), error: null, end: clock.now(), final: true });
      throw stop;
    }
    const failure = failureOf(error);
    return finish({
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

/** The activity's own signal: aborted with the frame's, or when its time is over. */
class Limits {
  private readonly own = new AbortController();
  private readonly watch = new AbortController();

  constructor(private readonly outer: AbortSignal) {}

  get signal(): AbortSignal {
    return this.own.signal;
  }

  expireAt(clock: Clock, deadline: Date): void {
    const expire = () => this.own.abort(new Stop("timeout"));
    if (clock.now() >= deadline) expire();
    else sleepUntil(clock, deadline, this.watch.signal).then(expire, () => {});
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const follow = () => this.own.abort(this.outer.reason);
    if (this.outer.aborted) follow();
    this.outer.addEventListener("abort", follow, { once: true });
    try {
      return await work();
    } finally {
      this.outer.removeEventListener("abort", follow);
      this.watch.abort(new Stop("closing"));
    }
  }
}
