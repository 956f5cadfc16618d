import { isValueArray, typeOf, type Value, type ValueObject } from "../expressions/values.js";
import { invalidPropertyCode } from "../inferred.js";

/** An activity that ended as Failed: what its record and `activity('A').error` say. */
export class ActivityFailure extends Error {
  override readonly name = "ActivityFailure";
  readonly errorCode: string;
  readonly failureType: "UserError" | "SystemError";
  /** What `activity('A').output` holds although it failed. */
  readonly output: ValueObject;

  constructor(
    errorCode: string,
    message: string,
    options: { failureType?: "UserError" | "SystemError"; output?: ValueObject; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errorCode = errorCode;
    this.failureType = options.failureType ?? "UserError";
    this.output = options.output ?? new Map();
  }
}

/** A property of the right name and the wrong type or value, found when the activity ran. */
export function invalidProperty(message: string): ActivityFailure {
  return new ActivityFailure(invalidPropertyCode, message);
}

/** The value, which must be an array. */
export function arrayProperty(value: Value, what: string): readonly Value[] {
  if (isValueArray(value)) return value;
  throw invalidProperty(`${what} must be an array, and the expression gave a value of type '${typeOf(value)}'.`);
}
