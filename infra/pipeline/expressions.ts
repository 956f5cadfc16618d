import type { ExpressionValue } from "../../contract/pipeline.js";

/** Marks a text as an expression where the definition wants an object (conditions of loops and branches). */
export function expression(value: string): ExpressionValue {
  return { value, type: "Expression" };
}

/** The value of a header: the token that a variable holds. */
export function bearerOfVariable(variable: string): string {
  return `@concat('Bearer ',variables('${variable}'))`;
}

/** The value of a header: the token that a token request answered with. */
export function bearerOfActivity(activity: string): string {
  return `@concat('Bearer ',activity('${activity}').output.access_token)`;
}

/**
 * The form of a client-credentials request to Entra ID's v1 token endpoint. The secret is escaped: one with `+`, `&` or
 * `%` would otherwise arrive as another; letters, digits and `~._-` are unchanged by it.
 */
export function tokenForm(resource: string): string {
  return `@concat('grant_type=client_credentials&client_id=',variables('clientid'),'&resource=${resource}&client_secret=',uriComponent(variables('clienttoken')))`;
}

/** A job's states in which it will not change any more (Azure ML's spelling). */
const terminalJobStatuses = ["Completed", "Failed", "Canceled", "NotResponding"] as const;

/** True when the variable holds a terminal job status; reads nothing else, so a failed look cannot break the loop. */
export const jobIsOver = `@contains(createArray(${terminalJobStatuses.map((status) => `'${status}'`).join(",")}),variables('jobStatus'))`;
