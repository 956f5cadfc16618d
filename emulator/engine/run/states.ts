import { isJsonObject, type Json } from "../../../contract/json.js";
import type { ActivityRunError } from "../../../contract/runs.js";
import { parseJson } from "../expressions/json.js";
import { jsonText } from "../expressions/text.js";
import type { Value } from "../expressions/values.js";

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

/** A change of a run's state; `place` is where in the run the activity stands, `attempt` the number of its attempt. */
export type State =
  | { readonly name: "attempt"; readonly place: string; readonly attempt: Attempt }
  | { readonly name: "end"; readonly place: string; readonly attempt: number; readonly end: AttemptEnd }
  | {
      readonly name: "memory";
      readonly place: string;
      readonly attempt: number;
      readonly key: string;
      readonly value: Value;
    }
  /** `place` is the activity that set it. */
  | { readonly name: "variable" | "returnValue"; readonly place: string; readonly key: string; readonly value: Value }
  | { readonly name: "run" | "finished"; readonly value: Json }
  | { readonly name: "started" | "cancel" };

/** A state as the journal keeps it. */
export interface JournalState {
  readonly name: string;
  readonly value: Json;
}

/** Values are written as JSON text, which keeps integer and float apart. */
export function written(state: State): JournalState {
  return { name: state.name, value: content(state) };
}

function content(state: State): Json {
  if (state.name === "attempt") {
    const { number, activityRunId, start } = state.attempt;
    return { place: state.place, attempt: number, activityRunId, start: start.toISOString() };
  }
  if (state.name === "end") {
    const { place, attempt, end } = state;
    const { status, output, error, final } = end;
    const ended = { status, output: jsonText(output), error: error && { ...error }, end: end.end.toISOString(), final };
    return { place, attempt, ...ended };
  }
  if (state.name === "memory") {
    const { place, attempt, key, value } = state;
    return { place, attempt, name: key, value: jsonText(value) };
  }
  if (state.name === "variable") return { place: state.place, name: state.key, value: jsonText(state.value) };
  if (state.name === "returnValue") return { place: state.place, key: state.key, value: jsonText(state.value) };
  return state.name === "run" || state.name === "finished" ? state.value : null;
}

/** Reads back what `written` wrote. */
export function readState({ name, value }: JournalState): State {
  const state = isJsonObject(value) ? value : {};
  const text = (key: string) => String(state[key]);
  const place = text("place");
  const attempt = Number(state["attempt"]);
  if (name === "attempt") {
    const start = new Date(text("start"));
    return { name, place, attempt: { number: attempt, activityRunId: text("activityRunId"), start } };
  }
  if (name === "end") {
    const end: AttemptEnd = {
      status: text("status") as AttemptEnd["status"],
      output: valueIn(text("output")),
      error: state["error"] as ActivityRunError | null,
      end: new Date(text("end")),
      final: state["final"] === true,
    };
    return { name, place, attempt, end };
  }
  if (name === "memory") return { name, place, attempt, key: text("name"), value: valueIn(text("value")) };
  if (name === "variable") return { name, place, key: text("name"), value: valueIn(text("value")) };
  if (name === "returnValue") return { name, place, key: text("key"), value: valueIn(text("value")) };
  if (name === "started" || name === "cancel") return { name };
  if (name === "run" || name === "finished") return { name, value };
  throw new Error(`The journal holds a state that is not known: ${name}.`);
}

function valueIn(text: string): Value {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`The journal holds a value that cannot be read: ${parsed.problem}.`);
  return parsed.value;
}
