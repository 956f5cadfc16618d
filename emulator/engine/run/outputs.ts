import { azureTimestamp } from "../../../contract/runs.js";
import { formatDuration } from "../duration.js";
import { fromJson, type Value, type ValueObject } from "../expressions/values.js";
import type { PlannedScope } from "../plan/planned.js";
import type { Attempt, AttemptEnd } from "./states.js";

interface Ended {
  readonly attempt: Attempt;
  readonly end: AttemptEnd;
  /** Made when it is first read: most activities are never asked for. */
  seen: ValueObject | undefined;
}

function seen({ attempt, end }: Ended): ValueObject {
  const { error } = end;
  return new Map<string, Value>([
    ["output", end.output],
    ["status", end.status],
    ["error", error === null ? null : fromJson({ ...error })],
    ["ActivityRunId", attempt.activityRunId],
    ["ExecutionStartTime", azureTimestamp(attempt.start)],
    ["ExecutionEndTime", azureTimestamp(end.end)],
    ["Duration", formatDuration(end.end.getTime() - attempt.start.getTime())],
  ]);
}

/** What ended activities left for expressions to read. An iteration of a ForEach has its own, which end with it. */
export class Outputs {
  private readonly byKey = new Map<string, Ended>();

  constructor(private readonly around?: Outputs) {}

  /** By the activity's key: its own iteration first, then what ended around it. */
  get(key: string): ValueObject | undefined {
    const ended = this.byKey.get(key);
    if (!ended) return this.around?.get(key);
    ended.seen ??= seen(ended);
    return ended.seen;
  }

  publish(key: string, attempt: Attempt, end: AttemptEnd): void {
    this.byKey.set(key, { attempt, end, seen: undefined });
  }

  /** A new round begins: nothing of the round before can be read by name. */
  forget(scope: PlannedScope): void {
    for (const activity of scope.activities) {
      this.byKey.delete(activity.key);
      for (const inner of activity.scopes.values()) this.forget(inner);
    }
  }
}
