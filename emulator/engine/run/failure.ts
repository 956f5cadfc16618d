import { messageOf } from "../../../contract/errors.js";
import type { ActivityRunError } from "../../../contract/runs.js";
import { ActivityFailure } from "../activities/activityFailure.js";
import { ExpressionError } from "../expressions/expressionError.js";
import { timedOutCode } from "../inferred.js";
import { Stop } from "./stop.js";

/** How an error of whatever kind is told in the record of an activity. */
export function failureOf(error: unknown): ActivityFailure {
  if (error instanceof ActivityFailure) return error;
  if (error instanceof ExpressionError) return new ActivityFailure("InvalidTemplate", error.message);
  if (error instanceof Stop) {
    return new ActivityFailure(timedOutCode, "The activity did not end within its timeout and was stopped.");
  }
  return new ActivityFailure("InternalServerError", messageOf(error), { failureType: "SystemError", cause: error });
}

export function errorRecord(failure: ActivityFailure, target: string): ActivityRunError {
  return {
    errorCode: failure.errorCode,
    message: failure.message,
    failureType: failure.failureType,
    target,
    details: [],
  };
}
