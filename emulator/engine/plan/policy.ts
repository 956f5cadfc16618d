import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityType, Report } from "../activities/activityType.js";
import { isDynamic, literalOf } from "../activities/dynamic.js";
import { parseDuration } from "../duration.js";
import { defaultPolicyTimeoutMs, minPolicyTimeoutMs } from "../inferred.js";

const day = 24 * 60 * 60 * 1000;
const maxTimeoutMs = 7 * day;
const minIntervalSeconds = 30;
const maxIntervalSeconds = 86_400;

export interface Policy {
  /** Undefined for types without a full policy. */
  readonly timeoutMs: number | undefined;
  /** Attempts after the first. */
  readonly retry: number;
  readonly retryIntervalMs: number;
  readonly secureInput: boolean;
  readonly secureOutput: boolean;
}

export const noPolicy: Policy = {
  timeoutMs: undefined,
  retry: 0,
  retryIntervalMs: 0,
  secureInput: false,
  secureOutput: false,
};

/** Reports the members of `policy` that are out of range; those given by an expression are checked at run time. */
export function checkPolicy(policy: JsonObject, type: ActivityType, report: Report): void {
  if (type.policy === "none") return;
  const literal = Object.fromEntries(
    Object.entries(policy)
      .filter(([, value]) => !isDynamic(value))
      .map(([key, value]) => [key, literalOf(value) ?? null]),
  );
  for (const { key, message } of mistakes(literal, type)) report(key, message);
}

/** The policy in force, from its evaluated members; throws a RangeError that names what is out of range. */
export function readPolicy(policy: JsonObject, type: ActivityType): Policy {
  if (type.policy === "none") return noPolicy;
  const [mistake] = mistakes(policy, type);
  if (mistake) throw new RangeError(`policy.${mistake.key}: ${mistake.message}`);
  const secure = { secureInput: policy["secureInput"] === true, secureOutput: policy["secureOutput"] === true };
  if (type.policy === "secure") return { ...noPolicy, ...secure };
  return {
    ...secure,
    timeoutMs: parseDuration(String(policy["timeout"] ?? "")) ?? defaultPolicyTimeoutMs,
    retry: Number(policy["retry"] ?? 0),
    retryIntervalMs: Number(policy["retryIntervalInSeconds"] ?? minIntervalSeconds) * 1000,
  };
}

function mistakes(policy: JsonObject, type: ActivityType): readonly { key: string; message: string }[] {
  const rules: readonly { key: string; holds: (value: Json) => boolean; message: string }[] = [
    { key: "secureInput", holds: isBoolean, message: "must be a boolean." },
    { key: "secureOutput", holds: isBoolean, message: "must be a boolean." },
    ...(type.policy === "full" ? fullRules : []),
  ];
  return rules.filter(({ key, holds }) => {
    const value = policy[key];
    return value !== undefined && value !== null && !holds(value);
  });
}

const isBoolean = (value: Json) => typeof value === "boolean";

function isIntegerBetween(value: Json, least: number, most: number): boolean {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= least && number <= most;
}

const fullRules = [
  {
    key: "timeout",
    holds: (value: Json) => {
      const timeout = typeof value === "string" ? parseDuration(value) : undefined;
      return timeout !== undefined && timeout >= minPolicyTimeoutMs && timeout <= maxTimeoutMs;
    },
    message: "must be a time span (d.hh:mm:ss) of at most 7 days.",
  },
  {
    key: "retry",
    holds: (value: Json) => isIntegerBetween(value, 0, Number.MAX_SAFE_INTEGER),
    message: "must be an integer of 0 or more.",
  },
  {
    key: "retryIntervalInSeconds",
    holds: (value: Json) => isIntegerBetween(value, minIntervalSeconds, maxIntervalSeconds),
    message: `must be an integer from ${minIntervalSeconds} to ${maxIntervalSeconds}.`,
  },
];
