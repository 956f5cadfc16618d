import { z } from "zod";
import type { Problem } from "../errors.js";

const json = z.json();
const condition = z.enum(["Succeeded", "Failed", "Skipped", "Completed"]);

/** The members of an activity that all types share; unknown keys are kept. */
export const activitySchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  dependsOn: z
    .array(z.looseObject({ activity: z.string(), dependencyConditions: z.array(condition).min(1) }))
    .optional(),
  userProperties: z.array(z.looseObject({ name: z.string(), value: json })).optional(),
  policy: z.looseObject({}).optional(),
  state: z.enum(["Active", "Inactive"]).optional(),
  onInactiveMarkAs: z.enum(["Succeeded", "Failed", "Skipped"]).optional(),
  typeProperties: z.record(z.string(), json).optional(),
});

/** One of the names, in whatever case: Studio writes `string` for a parameter and `String` for a variable. */
function inAnyCase<const Name extends string>(names: readonly Name[]) {
  const spelled = (given: unknown) =>
    names.find((name) => typeof given === "string" && name.toLowerCase() === given.toLowerCase()) ?? given;
  return z.preprocess(spelled, z.enum(names));
}

const parameterType = inAnyCase(["Object", "String", "Int", "Float", "Bool", "Array", "SecureString"]);
const variableType = inAnyCase(["String", "Bool", "Boolean", "Integer", "Array"]);

/** A pipeline's `properties`, types in their usual case, without its activities: those are checked one by one. */
export const pipelineSchema = z.looseObject({
  activities: z.array(z.unknown()),
  parameters: z.record(z.string(), z.looseObject({ type: parameterType, defaultValue: json.optional() })).optional(),
  variables: z.record(z.string(), z.looseObject({ type: variableType, defaultValue: json.optional() })).optional(),
  concurrency: z.int().min(1).optional(),
  annotations: z.array(json).optional(),
});

/** What is wrong with a value, each mistake at its place below `path`; empty when nothing is. */
export function problemsOf(schema: z.ZodType, value: unknown, path: string): readonly Problem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({
    path: issue.path.reduce<string>(
      (whole, key) =>
        typeof key === "number" ? `${whole}[${key}]` : whole === "" ? String(key) : `${whole}.${String(key)}`,
      path,
    ),
    message: issue.message,
  }));
}
