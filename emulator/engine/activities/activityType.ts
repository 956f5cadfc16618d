import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityDefinition, PipelineDefinition } from "../../../contract/pipeline.js";
import type { Value, ValueObject } from "../expressions/values.js";
import type { EnginePorts } from "../ports.js";

/** A list of activities inside a container, where it stands in the definition. */
export interface InnerActivities {
  /** What `runScope` calls it: `ifTrueActivities`. */
  readonly name: string;
  /** Its place under `typeProperties`: `cases[2].activities`. */
  readonly path: string;
  readonly activities: Json;
}

/** Reports a mistake of a definition at a place under `typeProperties` (`url`, `headers.Accept`). */
export type Report = (path: string, message: string) => void;

/** How the inside of a container ended, by the leaf rule. */
export type ScopeOutcome =
  | { readonly status: "Succeeded" }
  | { readonly status: "Failed"; readonly activity: string; readonly message: string };

export interface ActivityContext {
  readonly definition: ActivityDefinition;
  readonly properties: JsonObject;
  readonly ports: EnginePorts;
  /** When this attempt began; the same after the process was killed and came back. */
  readonly startedAt: Date;
  /** Aborted by a cancel, by the time-out and by the end of the process. */
  readonly signal: AbortSignal;
  readonly secureInput: boolean;
  readonly secureOutput: boolean;
  /** Evaluates every string of a part of the definition; throws an `ExpressionError`. */
  evaluate(json: Json | undefined): Value;
  /** What the activity-run record shows as input; secureInput hides it. */
  showInput(input: Json): void;
  /** What `remember` kept in this attempt, also before the process was killed. */
  recall(name: string): Value | undefined;
  /** Durable (and encrypted) when it returns. */
  remember(name: string, value: Value): void;
  /** Takes effect together with the activity's own success. */
  setVariable(name: string, value: Value): void;
  /** Waits until the clock has reached the moment; rejects when the signal is aborted. */
  sleepUntil(moment: Date): Promise<void>;
  /** Runs a list of inner activities; `iteration` tells the rounds of a loop apart, absent for a branch. */
  runScope(name: string, iteration?: number): Promise<ScopeOutcome>;
}

/** One kind of activity. The engine knows nothing else about it. */
export interface ActivityType {
  /** As definitions spell it: `WebActivity`. */
  readonly name: string;
  /** Loops may not be nested; branches may stand in loops only. */
  readonly nesting: "leaf" | "branch" | "loop";
  /** Which members of `policy` hold: all, secureInput and secureOutput, or none. */
  readonly policy: "full" | "secure" | "none";
  inner?(properties: JsonObject): readonly InnerActivities[];
  /** The mistakes that a publish refuses, beyond those that all types share. */
  check(properties: JsonObject, report: Report, pipeline: PipelineDefinition): void;
  /** How long an activity without a full policy may run, in milliseconds. */
  timeout?(context: ActivityContext): number;
  /** Resolves with the output; rejects with an `ActivityFailure` or an `ExpressionError`. */
  run(context: ActivityContext): Promise<ValueObject>;
}
