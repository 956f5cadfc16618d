import type { JsonObject } from "../contract/json.js";
import { perCpuSecond } from "./cpu.js";
import type { Figure } from "./figure.js";
import { openFileEngine } from "./fileEngine.js";

const runs = 1_000;
/** So many runs are under way at once. */
const lanes = 20;

const expression = (value: string) => ({ value, type: "Expression" });
const set = (variableName: string, value: string) => ({ type: "SetVariable", typeProperties: { variableName, value } });
const append = (value: string) => ({ type: "AppendVariable", typeProperties: { variableName: "list", value } });
const inner = (name: string, activity: JsonObject) => [{ name, ...activity }];

/** Ten activity runs, one after the other; the two branches count with what is inside them. */
const activities: readonly JsonObject[] = [
  set("one", "@concat('run ',pipeline().RunId)"),
  append("@variables('one')"),
  {
    type: "Filter",
    typeProperties: { items: expression("@range(1,10)"), condition: expression("@greater(item(),4)") },
  },
  append("@string(activity('a3').output.FilteredItemsCount)"),
  {
    type: "IfCondition",
    typeProperties: {
      expression: expression("@equals(length(variables('list')),2)"),
      ifTrueActivities: inner("inside if", set("two", "@join(variables('list'),',')")),
    },
  },
  {
    type: "Switch",
    typeProperties: {
      on: expression("@string(length(variables('list')))"),
      cases: [{ value: "2", activities: inner("inside switch", append("@variables('two')")) }],
    },
  },
  set("one", "@toUpper(variables('two'))"),
  set("two", "@concat(variables('one'),activity('a7').output.value)"),
];

const definition: JsonObject = {
  activities: activities.map((activity, index) => ({
    name: `a${index + 1}`,
    dependsOn: index === 0 ? [] : [{ activity: `a${index}`, dependencyConditions: ["Succeeded"] }],
    ...activity,
  })),
  variables: { one: { type: "String" }, two: { type: "String" }, list: { type: "Array" } },
};

/** Activity runs of a pipeline of ten control activities on one core, every change of state durable before the next. */
export async function activityRuns(): Promise<Figure[]> {
  const engine = openFileEngine();
  let left = runs;
  const lane = async () => {
    for (; left > 0; ) {
      left -= 1;
      const end = await engine.finished(engine.start(definition));
      if (end.status !== "Succeeded") throw new Error(`a run ended ${end.status}: ${end.message}`);
    }
  };
  const value = await perCpuSecond(runs * 10, async () => {
    await Promise.all(Array.from({ length: lanes }, lane));
  });
  await engine.close();
  return [{ name: "activity runs, journaled", value, unit: "activity runs/s", peer: null, ratio: null }];
}
