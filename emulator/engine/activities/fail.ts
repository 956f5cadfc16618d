import type { Json } from "../../../contract/json.js";
import { ExpressionError } from "../expressions/expressionError.js";
import { ActivityFailure } from "./activityFailure.js";
import type { ActivityContext, ActivityType } from "./activityType.js";

/** Always fails, with the message and error code of the definition. */
export const fail: ActivityType = {
  name: "Fail",
  nesting: "leaf",
  policy: "none",
  check(properties, report) {
    for (const key of ["message", "errorCode"]) {
      if (properties[key] === undefined) report(key, `${key} is required.`);
    }
  },
  async run(context) {
    const uninterpretable = `Failed to interpret ${context.definition.name} fail message or error code`;
    const message = text(context, context.properties["message"]) ?? uninterpretable;
    const errorCode = text(context, context.properties["errorCode"]) ?? "ErrorCodeNotString";
    context.showInput({ message, errorCode });
    throw new ActivityFailure(errorCode, message);
  },
};

/** The evaluated text; undefined when it is blank, no text, or cannot be evaluated. */
function text(context: ActivityContext, json: Json | undefined): string | undefined {
  try {
    const value = context.evaluate(json);
    const found = typeof value === "bigint" || typeof value === "number" ? String(value) : value;
    return typeof found === "string" && found.trim() !== "" ? found : undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}
