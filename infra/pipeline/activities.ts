import type { JsonObject } from "../../contract/json.js";
import type {
  ActivityDefinition,
  ActivityDependency,
  ActivityPolicy,
  ExpressionValue,
} from "../../contract/pipeline.js";

/** How often and how far apart an activity is repeated. */
export interface Retries {
  readonly retry: number;
  /** 30 to 86,400 */
  readonly retryIntervalInSeconds: number;
}

/** Which sides of an activity's record are hidden: a secret goes in, or comes out, or both. */
export type Hidden = "input" | "output" | "both" | "nothing";

/** The whole life of an activity with its repetitions, d.hh:mm:ss. */
const defaultTimeout = "0.00:30:00";

function policy(hidden: Hidden, timeout: string, retries: Retries): ActivityPolicy {
  return {
    timeout,
    ...retries,
    secureInput: hidden === "input" || hidden === "both",
    secureOutput: hidden === "output" || hidden === "both",
  };
}

/** A dependency on the success of each of these activities. */
export function after(...activities: readonly string[]): readonly ActivityDependency[] {
  return activities.map((activity) => ({ activity, dependencyConditions: ["Succeeded"] }));
}

/** A dependency on the end of the activity, however it ended. */
export function afterEnd(activity: string): readonly ActivityDependency[] {
  return [{ activity, dependencyConditions: ["Completed"] }];
}

/** A Web activity; `httpRequestTimeout` is the limit of one request, hh:mm:ss. */
export function web(options: {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Signs in as the workspace's managed identity for this resource. */
  readonly identityFor?: string;
  readonly dependsOn?: readonly ActivityDependency[];
  readonly hidden: Hidden;
  readonly retries: Retries;
  readonly timeout?: string;
  readonly httpRequestTimeout?: string;
}): ActivityDefinition {
  const { headers = {} } = options;
  return {
    name: options.name,
    type: "WebActivity",
    dependsOn: options.dependsOn ?? [],
    policy: policy(options.hidden, options.timeout ?? defaultTimeout, options.retries),
    typeProperties: {
      method: options.method,
      url: options.url,
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.identityFor === undefined ? {} : { authentication: { type: "MSI", resource: options.identityFor } }),
      httpRequestTimeout: options.httpRequestTimeout ?? "00:02:00",
    },
  };
}

/** A Set Variable activity named after its variable. */
export function setVariable(options: {
  readonly variable: string;
  readonly value: string;
  readonly dependsOn: readonly ActivityDependency[];
  readonly secret: boolean;
}): ActivityDefinition {
  return {
    name: `Set ${options.variable}`,
    type: "SetVariable",
    dependsOn: options.dependsOn,
    policy: { secureInput: options.secret, secureOutput: options.secret },
    typeProperties: { variableName: options.variable, value: options.value },
  };
}

/** An Until loop; `timeout` is d.hh:mm:ss for all its rounds. */
export function until(options: {
  readonly name: string;
  readonly condition: ExpressionValue;
  readonly timeout: string;
  readonly activities: readonly ActivityDefinition[];
  readonly dependsOn: readonly ActivityDependency[];
}): ActivityDefinition {
  const { name, dependsOn, condition, timeout, activities } = options;
  return {
    name,
    type: "Until",
    dependsOn,
    typeProperties: { expression: { ...condition }, timeout, activities: asJson(activities) },
  };
}

/** An If Condition activity. */
export function ifCondition(options: {
  readonly name: string;
  readonly condition: ExpressionValue;
  readonly whenTrue?: readonly ActivityDefinition[];
  readonly whenFalse?: readonly ActivityDefinition[];
  readonly dependsOn: readonly ActivityDependency[];
}): ActivityDefinition {
  return {
    name: options.name,
    type: "IfCondition",
    dependsOn: options.dependsOn,
    typeProperties: {
      expression: { ...options.condition },
      ...(options.whenTrue === undefined ? {} : { ifTrueActivities: asJson(options.whenTrue) }),
      ...(options.whenFalse === undefined ? {} : { ifFalseActivities: asJson(options.whenFalse) }),
    },
  };
}

/** A Wait activity. */
export function wait(name: string, seconds: number): ActivityDefinition {
  return { name, type: "Wait", dependsOn: [], typeProperties: { waitTimeInSeconds: seconds } };
}

/** A Fail activity: ends the run as failed with this message. */
export function fail(options: {
  readonly name: string;
  readonly message: ExpressionValue;
  readonly errorCode: string;
  readonly dependsOn: readonly ActivityDependency[];
}): ActivityDefinition {
  return {
    name: options.name,
    type: "Fail",
    dependsOn: options.dependsOn,
    typeProperties: { message: { ...options.message }, errorCode: options.errorCode },
  };
}

function asJson(activities: readonly ActivityDefinition[]): readonly JsonObject[] {
  return activities.map((activity) => JSON.parse(JSON.stringify(activity)) as JsonObject);
}
