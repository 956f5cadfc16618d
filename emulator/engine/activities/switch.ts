import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { invalidProperty } from "./activityFailure.js";
import type { ActivityType } from "./activityType.js";
import { innerAt, innerOf, throwIfFailed } from "./container.js";

const maxCases = 25;

/** Runs the activities of the case whose `value` is what `on` evaluates to, else `defaultActivities`. */
export const switchActivity: ActivityType = {
  name: "Switch",
  nesting: "branch",
  policy: "none",
  inner: (properties) => [
    ...casesOf(properties).flatMap((each, index) =>
      innerOf(`case ${index}`, `cases[${index}].activities`, each["activities"]),
    ),
    ...innerAt(properties, ["defaultActivities"]),
  ],
  check(properties, report) {
    if (selectorOf(properties) === undefined) report("on", "on is required.");
    const cases = properties["cases"] ?? [];
    if (!Array.isArray(cases) || !cases.every(isJsonObject)) return report("cases", "cases must be a list of objects.");
    if (cases.length > maxCases) report("cases", `A Switch has at most ${maxCases} cases.`);
    const values = cases.map((each) => each["value"]);
    for (const [index, value] of values.entries()) {
      if (typeof value !== "string") report(`cases[${index}].value`, "value must be a text.");
      else if (values.indexOf(value) < index) report(`cases[${index}].value`, `There is already a case '${value}'.`);
    }
  },
  async run(context) {
    const on = context.recall("on") ?? context.evaluate(selectorOf(context.properties));
    if (typeof on !== "string" && typeof on !== "bigint") {
      throw invalidProperty("The expression that a Switch is on must evaluate to a text or an integer.");
    }
    context.remember("on", on);
    const chosen = casesOf(context.properties).findIndex(({ value }) => value === String(on));
    throwIfFailed(await context.runScope(chosen < 0 ? "defaultActivities" : `case ${chosen}`));
    return new Map();
  },
};

/** Saved definitions say `on`; the documentation says `expression`. */
const selectorOf = (properties: JsonObject): Json | undefined => properties["on"] ?? properties["expression"];

function casesOf(properties: JsonObject): readonly JsonObject[] {
  const cases = properties["cases"];
  return Array.isArray(cases) ? cases.filter(isJsonObject) : [];
}
