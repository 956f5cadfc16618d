import fc from "fast-check";
import { expect, it } from "vitest";
import type { ActivityDefinition, DependencyCondition } from "../../contract/pipeline.js";
import { terminalActivityRunStatuses } from "../../contract/runs.js";
import { activity, fail, inner, pipeline, setVariable, testEngine, wait, web } from "./testEngine.js";

const conditions: readonly DependencyCondition[] = ["Succeeded", "Failed", "Skipped", "Completed"];

const leaf = (name: string): fc.Arbitrary<ActivityDefinition> =>
  fc.oneof(
    fc.integer({ min: 0, max: 90 }).map((seconds) => wait(name, seconds)),
    fc.constant(fail(name)),
    fc.constantFrom("x", 1, "@activity('a0').status").map((value) => setVariable(name, "v", value)),
    fc
      .record({ url: fc.constantFrom("https://h/200", "https://h/503", "nowhere"), retry: fc.constantFrom(0, 2) })
      .map(({ url, retry }) => ({ ...web(name, { url }), policy: { retry } })),
    fc.constantFrom("Succeeded", "Failed", "Skipped").map(
      (onInactiveMarkAs): ActivityDefinition => ({
        ...wait(name, 1),
        state: "Inactive",
        onInactiveMarkAs: onInactiveMarkAs as "Succeeded",
      }),
    ),
  );

const container = (name: string): fc.Arbitrary<ActivityDefinition> =>
  fc
    .tuple(fc.constantFrom("IfCondition", "ForEach", "Until", "Switch"), leaf(`${name}x`), leaf(`${name}y`), fc.nat(3))
    .map(([type, one, other, count]) => {
      const [first, second] = [inner([one]), inner([other])];
      if (type === "IfCondition") {
        return activity(name, type, {
          expression: `@less(${count},2)`,
          ifTrueActivities: first,
          ifFalseActivities: second,
        });
      }
      if (type === "ForEach") return activity(name, type, { items: `@range(0,${count})`, activities: first });
      if (type === "Until") {
        const timeout = "0.00:00:20";
        return activity(name, type, { expression: `@less(${count},2)`, timeout, activities: first });
      }
      return activity(name, type, {
        on: `${count}`,
        cases: [{ value: "1", activities: first }],
        defaultActivities: second,
      });
    });

/** Up to six activities, each with conditions on some of those before it. */
const definition = fc
  .array(fc.array(fc.tuple(fc.nat(5), fc.subarray([...conditions], { minLength: 1 })), { maxLength: 2 }), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((edges) =>
    fc.tuple(
      ...edges.map((given, index) =>
        fc.oneof(leaf(`a${index}`), container(`a${index}`)).map((made): ActivityDefinition => {
          const before = new Map(given.filter(([at]) => at < index));
          const dependsOn = [...before].map(([at, dependencyConditions]) => ({
            activity: `a${at}`,
            dependencyConditions,
          }));
          return { ...made, dependsOn };
        }),
      ),
    ),
  );

/** How every activity must have ended, from the records of those that ran: what has no record was skipped. */
function expectedStatus(activities: readonly ActivityDefinition[], statuses: ReadonlyMap<string, string>): string {
  const statusOf = (name: string) => statuses.get(name) ?? "Skipped";
  const dependencies = (name: string) =>
    (activities.find((each) => each.name === name)?.dependsOn ?? []).map((each) => each.activity);
  const dependedOn = new Set(activities.flatMap(({ name }) => dependencies(name)));
  const reached = (name: string): readonly string[] =>
    statusOf(name) === "Skipped" ? dependencies(name).flatMap(reached) : [statusOf(name)];
  const ends = activities.filter(({ name }) => !dependedOn.has(name)).flatMap(({ name }) => reached(name));
  return ends.every((status) => status === "Succeeded") ? "Succeeded" : "Failed";
}

it("any small pipeline ends, every activity that may start ends, no other starts, and the leaf rule holds", async () => {
  await fc.assert(
    fc.asyncProperty(definition, async (activities) => {
      const engine = testEngine({ handler: ({ url }) => ({ status: Number(url.slice(-3)) }) });
      const { run, activities: records } = await engine.run(
        pipeline(activities, { variables: { v: { type: "String" } } }),
      );
      for (const { status } of records) expect(terminalActivityRunStatuses).toContain(status);
      const statuses = new Map(
        records.map(({ activityName, status }) => {
          const marked = activities.find(({ name }) => name === activityName)?.onInactiveMarkAs ?? "Succeeded";
          return [activityName, status === "Inactive" ? marked : status];
        }),
      );
      for (const { name, dependsOn = [] } of activities) {
        const met = dependsOn.every((dependency) => {
          const status = statuses.get(dependency.activity) ?? "Skipped";
          const completed = status === "Succeeded" || status === "Failed";
          return dependency.dependencyConditions.some((each) => each === status || (each === "Completed" && completed));
        });
        expect([name, records.some(({ activityName }) => activityName === name)]).toEqual([name, met]);
      }
      expect(run.status).toBe(expectedStatus(activities, statuses));
    }),
    { seed: 20_261_123, numRuns: 40 },
  );
});
