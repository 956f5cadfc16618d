import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityDefinition, PipelineDefinition } from "../../../contract/pipeline.js";
import type { PipelineRun } from "../../../contract/runs.js";
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
  /** What the activity did so far is durable before it can reach the world by these. */
  readonly ports: EnginePorts;
  readonly activityRunId: string;
  /** When this attempt began; the same after the process was killed and came back. */
  readonly startedAt: Date;
  /** Aborted by a cancel, by the time-out and by the end of the process. */
  readonly signal: AbortSignal;
  readonly secureInput: boolean;
  readonly secureOutput: boolean;
  /** Evaluates every string of a part of the definition, with an `item()` where one is given; throws an `ExpressionError`. */
  evaluate(json: Json | undefined, item?: Value): Value;
  /** What the activity-run record shows as input, from the next thing on that it does; secureInput hides it. */
  showInput(input: Json): void;
  /** What it shows as output meanwhile and when it is cancelled, likewise; secureOutput hides it. */
  showOutput(output: Json): void;
  /** What `remember` kept in this attempt, also before the process was killed. */
  recall(name: string): Value | undefined;
  /** Durable (and encrypted) when it returns. */
  remember(name: string, value: Value): void;
  /** Takes effect together with the activity's own success, as do the next two. */
  setVariable(name: string, value: Value): void;
  /** Adds an element to what the array has then. */
  appendVariable(name: string, element: Value): void;
  /** Sets one key of what the pipeline returns to the one that called it. */
  setReturnValue(key: string, value: Value): void;
  /** Waits until the clock has reached the moment; rejects when the signal is aborted. */
  sleepUntil(moment: Date): Promise<void>;
  /** Runs a list of inner activities: once for a branch, again and again for a loop. */
  runScope(name: string, turn?: LoopTurn): Promise<ScopeOutcome>;
  readonly children: ChildRuns;
}

/** One turn of a loop. With an item it is a ForEach's: the activities of its turns see nothing of each other. */
export interface LoopTurn {
  readonly index: number;
  readonly item?: Value;
}

/** Pipeline runs that this run starts. */
export interface ChildRuns {
  /** Starts the pipeline unless there is a run of that id already; throws an `ActivityFailure` when it cannot be started. */
  start(child: { readonly runId: string; readonly pipelineName: string; readonly parameters: ValueObject }): void;
  /** How the child ended, and what it returned. */
  finished(runId: string): Promise<{ readonly run: PipelineRun; readonly returnValue: ValueObject }>;
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
