import { messageOf } from "../../../contract/errors.js";
import type { Value } from "../expressions/values.js";
import type { Journal, JournalEntry } from "../ports.js";
import { type Attempt, type AttemptEnd, readState, type State, written } from "./states.js";

/** An activity where it stands in a run, with its last attempt. */
interface Place {
  readonly attempt: Attempt;
  end: AttemptEnd | undefined;
  /** Needed until the end. */
  memories: Map<string, Value> | undefined;
}

const none: ReadonlyMap<string, Value> = new Map();

/** What a run has journaled so that it can go on: attempts, their ends, remembered values, variables. */
export class History {
  private readonly places = new Map<string, Place>();
  private variables: Map<string, Value> | undefined;
  private returned: Map<string, Value> | undefined;
  private cancelled = false;
  private started = false;

  constructor(
    private readonly journal: Journal,
    private readonly runId: string,
  ) {
    for (const state of journal.states(runId)) this.apply(readState(state));
  }

  /** Makes states durable together with the records that show them, then visible to the run. */
  append(states: readonly State[], records: readonly JournalEntry[] = []): void {
    const entries = states.map((state): JournalEntry => ({ kind: "state", ...written(state) }));
    try {
      this.journal.append(this.runId, [...entries, ...records]);
    } catch (error) {
      throw new JournalError(this.runId, error);
    }
    for (const state of states) this.apply(state);
  }

  /** The last attempt at the activity and, when it has ended, how. */
  lastAttempt(place: string): { readonly attempt: Attempt; readonly end: AttemptEnd | undefined } | undefined {
    return this.places.get(place);
  }

  memory(place: string, attempt: number, key: string): Value | undefined {
    const last = this.places.get(place);
    return last?.attempt.number === attempt ? last.memories?.get(key) : undefined;
  }

  /** By lower-case name. */
  variable(key: string): Value | undefined {
    return this.variables?.get(key);
  }

  get isCancelled(): boolean {
    return this.cancelled;
  }

  /** Whether the run has left the queue. */
  get hasStarted(): boolean {
    return this.started;
  }

  /** What `pipelineReturnValue` was set to, by key. */
  get returnValue(): ReadonlyMap<string, Value> {
    return this.returned ?? none;
  }

  private apply(state: State): void {
    if (state.name === "attempt") {
      this.places.set(state.place, { attempt: state.attempt, end: undefined, memories: undefined });
    } else if (state.name === "end") {
      const last = this.places.get(state.place);
      if (!last) return;
      last.end = state.end;
      last.memories = undefined;
    } else if (state.name === "memory") {
      const last = this.places.get(state.place);
      if (!last) return;
      last.memories ??= new Map();
      last.memories.set(state.key, state.value);
    } else if (state.name === "variable") {
      this.variables ??= new Map();
      this.variables.set(state.key, state.value);
    } else if (state.name === "returnValue") {
      this.returned ??= new Map();
      this.returned.set(state.key, state.value);
    } else if (state.name === "cancel") {
      this.cancelled = true;
    } else if (state.name === "started") {
      this.started = true;
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
