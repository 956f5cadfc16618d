import type { Value, ValueObject } from "./values.js";

/** What the references of an expression read. */
export interface EvaluationContext {
  /** 100 ns steps since 0001-01-01T00:00:00Z. */
  now(): bigint;
  newGuid(): string;
  /** `pipeline()`: system variables, `parameters`, `globalParameters`. */
  readonly pipeline: ValueObject;
  /** The variable's value; undefined when the pipeline has no such variable. The name ignores case. */
  variable(name: string): Value | undefined;
  /** Output, status and error of an activity that has ended; undefined when it has not, or was skipped. */
  activity(name: string): ValueObject | undefined;
  /** `item()`; undefined outside of a ForEach and of a Filter's condition. */
  readonly item: Value | undefined;
  /** `trigger()`; absent outside of a trigger's definition. */
  readonly trigger?: ValueObject;
  /** `dataset()` and `linkedService()`: the parameters of the definition that they stand in; absent elsewhere. */
  readonly dataset?: ValueObject;
  readonly linkedService?: ValueObject;
}
