import { expect, it } from "vitest";
import { comeBackLine } from "../../../runtime/commands/ends.js";

it.each([
  [{}, "npm run monitor -- r1"],
  [{ stack: "dev" }, "npm run monitor -- r1 --stack dev"],
  [{ workspace: "ws1" }, "npm run monitor -- r1 --workspace ws1"],
  [{ outputs: "-" }, "npm run monitor -- r1"],
  [{ outputs: "out/stack.json" }, "npm run monitor -- r1 --outputs out/stack.json"],
  [{ outputs: "it's my stack.json" }, "npm run monitor -- r1 --outputs 'it'\\''s my stack.json'"],
])("the line that comes back to a run of %j can be pasted into a shell", (selection, line) => {
  expect(comeBackLine(["r1"], selection, { environment: {} })).toBe(line);
});

it("the line that comes back to a run goes through the wrapper of the command", () => {
  const environment = { SYNAPSE_BATCH_PREFIX: "npm run wrap -- exec" };
  expect(comeBackLine(["r1"], {}, { environment })).toBe("npm run wrap -- exec npm run monitor -- r1");
});
