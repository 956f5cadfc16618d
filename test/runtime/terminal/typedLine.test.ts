import { expect, it } from "vitest";
import { typedLine } from "../../../runtime/terminal/typedLine.js";

it.each([
  ["npm run -s outputs -- --json", "npm run wrap -- exec", "npm run wrap -- exec npm run -s outputs -- --json"],
  ["npm run trigger", undefined, "npm run trigger"],
  ["npm run trigger", " ", "npm run trigger"],
  ["pulumi up", "npm run wrap -- exec", "pulumi up"],
])("the line to type %j, under the wrapper %j, is %j", (line, prefix, typed) => {
  expect(typedLine(line, { SYNAPSE_BATCH_PREFIX: prefix })).toBe(typed);
});
