import { expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import { PlanError } from "../../emulator/engine/errors.js";
import { planPipeline } from "../../emulator/engine/plan.js";
import { definitionError } from "../../emulator/localRun/planProblems.js";

function refusalOf(definition: JsonObject) {
  try {
    planPipeline(definition, "p");
  } catch (error) {
    if (error instanceof PlanError) return definitionError("p", definition, error);
  }
  throw new Error("it is a valid pipeline");
}

const copy = { name: "Copy it", type: "Copy", typeProperties: {} };

it("an unknown type is refused with the activity's name and place, and the types that there are", () => {
  const { exitCode, message, cure } = refusalOf({ activities: [copy] });
  expect({ exitCode, message }).toEqual({
    exitCode: 2,
    message:
      "The pipeline 'p' is not valid.\n  activity 'Copy it' (activities[0].type): The activity type 'Copy' is not supported.",
  });
  expect(cure).toMatch(/ForEach.*WebActivity/);
});

it("an unknown type is known by its code, not by the sentence", () => {
  const problem = { code: "UnknownActivityType", path: "activities[0].type", message: "Copy?" } as const;
  const activities = [copy];
  expect(definitionError("p", { activities }, new PlanError("p", [problem])).cure).toMatch(/ForEach.*WebActivity/);
  const { code: _, ...other } = { ...problem, message: "The activity type 'Copy' has been looked at." };
  expect(definitionError("p", { activities }, new PlanError("p", [other])).cure).toMatch(/^Mend/);
});

it("of nested activities the innermost is named", () => {
  const expression = { value: "@equals(1, 1)", type: "Expression" };
  const typeProperties = { expression, ifTrueActivities: [copy] };
  const { message } = refusalOf({ activities: [{ name: "Decide", type: "IfCondition", typeProperties }] });
  expect(message).toContain("activity 'Copy it' (activities[0].typeProperties.ifTrueActivities[0].type)");
});

it("what is in no activity is told by its place", () => {
  const { message, cure } = refusalOf({ activities: [], variables: { v: { type: "Whatever" } } });
  expect(message).toMatch(/\n {2}variables/);
  expect(cure).toBe("Mend what is named; nothing was run.");
});
