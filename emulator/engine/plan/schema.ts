import { z } from "zod";
import { isJsonObject } from "../../../contract/json.js";
import type { Problem } from "../errors.js";

const json = z.json();

/** One of the names, in whatever case: Studio writes `string` for a parameter and `String` for a variable. */
function inAnyCase<const Name extends string>(names: readonly Name[]) {
  const spelled = (given: unknown) =>
    names.find((name) => typeof given === "string" && name.toLowerCase() === given.toLowerCase()) ?? given;
  return z.preprocess(spelled, z.enum(names));
}

/** A member that is null is one that is not there: tools that write definitions by their SDK's types leave such. */
function withoutNulls<Shape extends z.ZodType>(shape: Shape) {
  const members = (given: unknown) =>
    isJsonObject(given) ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) : given;
  return z.preprocess(members, shape);
}

const condition = inAnyCase(["Succeeded", "Failed", "Skipped", "Completed"]);

/** The members of an activity that all types share; unknown keys are kept. */
export const activitySchema = withoutNulls(
  z.looseObject({
    name: z.string(),
    type: z.string(),
    dependsOn: z
      .array(z.looseObject({ activity: z.string(), dependencyConditions: z.array(condition).min(1) }))
      .optional(),
    userProperties: z.array(z.looseObject({ name: z.string(), value: json })).optional(),
    policy: z.looseObject({}).optional(),
    state: inAnyCase(["Active", "Inactive"]).optional(),
    onInactiveMarkAs: inAnyCase(["Succeeded", "Failed", "Skipped"]).optional(),
    typeProperties: z.record(z.string(), json).optional(),
  }),
);

const parameterType = inAnyCase(["Object", "String", "Int", "Float", "Bool", "Array", "SecureString"]);
const variableType = inAnyCase(["String", "Bool", "Boolean", "Integer", "Array"]);

/** A pipeline's `properties`, types in their usual case, without its activities: those are checked one by one. */
export const pipelineSchema = withoutNulls(
  z.looseObject({
    activities: z.array(z.unknown()),
    parameters: z.record(z.string(), z.looseObject({ type: parameterType, defaultValue: json.optional() })).optional(),
    variables: z.record(z.string(), z.looseObject({ type: variableType, defaultValue: json.optional() })).optional(),
    concurrency: z.int().min(1).optional(),
    annotations: z.array(json).optional(),
    runDimensions: z.record(z.string(), json).optional(),
  }),
);

/** What a schema found wrong, each mistake at its place below `path`. */
export function problemsOf(error: z.ZodError, path: string): readonly Problem[] {
  return error.issues.map((issue) => ({
    path: issue.path.reduce<string>(
      (whole, key) =>
        typeof key === "number" ? `${whole}[${key}]` : whole === "" ? String(key) : `${whole}.${String(key)}`,
      path,
    ),
    message: issue.message,
  }));
}
