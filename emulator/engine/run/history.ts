import { messageOf } from "../../../contract/errors.js";
import type { Json } from "../../../contract/json.js";
import { isJsonObject } from "../../../contract/json.js";
import type { ActivityRunError } from "../../../contract/runs.js";
import { parseJson } from "../expressions/json.js";
import { jsonText } from "../expressions/text.js";
import type { Value } from "../expressions/values.js";
import type { Journal, JournalEntry } from "../ports.js";

/** One try at an activity. */
export interface Attempt {
  /** From 0. */
  readonly number: number;
  readonly activityRunId: string;
  readonly start: Date;
}

export interface AttemptEnd {
  readonly status: "Succeeded" | "Failed" | "Cancelled";
  readonly output: Value;
  readonly error: ActivityRunError | null;
  readonly end: Date;
  /** Whether no further attempt follows. */
  readonly final: boolean;
}

/** What a run has journaled so that it can go on: attempts, their ends, remembered values, variables. */
export class History {
  private readonly attempts = new Map<string, Attempt>();
  private readonly ends = new Map<string, AttemptEnd>();
  private readonly memories = new Map<string, Value>();
  private readonly variables = new Map<string, Value>();
  private cancelled = false;

  constructor(
    private readonly journal: Journal,
    private readonly runId: string,
  ) {
    for (const { name, value } of journal.states(runId)) this.apply(name, value);
  }

  /** Makes states durable together with the records that show them, then visible to the run. */
  append(states: readonly State[], records: readonly JournalEntry[] = []): void {
    const entries = states.map(({ name, value }): JournalEntry => ({ kind: "state", name, value }));
    try {
      this.journal.append(this.runId, [...entries, ...records]);
    } catch (error) {
      throw new JournalError(this.runId, error);
    }
    for (const { name, value } of states) this.apply(name, value);
  }

  /** The last attempt at the activity and, when it has ended, how. */
  lastAttempt(place: string): { readonly attempt: Attempt; readonly end: AttemptEnd | undefined } | undefined {
    const attempt = this.attempts.get(place);
    return attempt && { attempt, end: this.ends.get(`${place}@${attempt.number}`) };
  }

  memory(place: string, attempt: number, name: string): Value | undefined {
    return this.memories.get(`${place}@${attempt}:${name}`);
  }

  /** By lower-case name. */
  variable(key: string): Value | undefined {
    return this.variables.get(key);
  }

  get isCancelled(): boolean {
    return this.cancelled;
  }

  private apply(name: string, value: Json): void {
    const state = isJsonObject(value) ? value : {};
    const text = (key: string) => String(state[key]);
    const place = text("place");
    const number = Number(state["attempt"]);
    if (name === "attempt") {
      this.attempts.set(place, { number, activityRunId: text("activityRunId"), start: new Date(text("start")) });
    } else if (name === "end") {
      this.ends.set(`${place}@${number}`, {
        status: text("status") as AttemptEnd["status"],
        output: valueIn(text("output")),
        error: state["error"] as ActivityRunError | null,
        end: new Date(text("end")),
        final: state["final"] === true,
      });
    } else if (name === "memory") {
      this.memories.set(`${place}@${number}:${text("name")}`, valueIn(text("value")));
    } else if (name === "variable") {
      this.variables.set(text("name"), valueIn(text("value")));
    } else if (name === "cancel") {
      this.cancelled = true;
    }
  }
}

/** The journal did not take an entry: nothing of the run may go on, because nothing of it would be kept. */
export class JournalError extends Error {
  override readonly name = "JournalError";

  constructor(runId: string, cause: unknown) {
    super(`The journal of run ${runId} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

export interface State {
  readonly name: "run" | "attempt" | "end" | "memory" | "variable" | "cancel" | "finished";
  readonly value: Json;
}

export const attemptState = (place: string, attempt: Attempt): State => ({
  name: "attempt",
  value: {
    place,
    attempt: attempt.number,
    activityRunId: attempt.activityRunId,
    start: attempt.start.toISOString(),
  },
});

export const endState = (place: string, attempt: number, end: AttemptEnd): State => ({
  name: "end",
  value: {
    place,
    attempt,
    status: end.status,
    output: jsonText(end.output),
    error: end.error && { ...end.error },
    end: end.end.toISOString(),
    final: end.final,
  },
});

export const memoryState = (place: string, attempt: number, name: string, value: Value): State => ({
  name: "memory",
  value: { place, attempt, name, value: jsonText(value) },
});

export const variableState = (key: string, value: Value): State => ({
  name: "variable",
  value: { name: key, value: jsonText(value) },
});

/** Values are kept as JSON text, which keeps integer and float apart. */
function valueIn(text: string): Value {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`The journal holds a value that cannot be read: ${parsed.problem}.`);
  return parsed.value;
}
