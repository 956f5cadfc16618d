import { expect, it } from "vitest";
import { PlanError } from "../../emulator/engine/errors.js";
import { planCache } from "../../emulator/engine/plan/planCache.js";
import { pipeline, wait } from "./testEngine.js";

it("equal definitions of one name share a plan, also by the plan's own definition; others have their own", () => {
  const planned = planCache();
  const plan = planned(pipeline([wait("w", 1)]), "p");
  expect(planned(pipeline([wait("w", 1)]), "p")).toBe(plan);
  expect(planned(plan.definition, "p")).toBe(plan);
  expect(planned(plan.definition, "q")).not.toBe(plan);
  expect(planned(pipeline([wait("w", 2)]), "p")).not.toBe(plan);
});

it("a definition that is refused is refused every time", () => {
  const planned = planCache();
  const wrong = pipeline([wait("w", "soon")]);
  for (const _ of [1, 2]) expect(() => planned(wrong, "p")).toThrow(PlanError);
});
