import { expect, it } from "vitest";
import { withoutStacks } from "../../emulator/deploy/withoutStacks.js";

it("errors have no stacks while the work is done, and have them again however it ends", async () => {
  const stackOf = () => String(new Error("e").stack);
  expect(await withoutStacks(async () => stackOf())).not.toContain("withoutStacks.test");
  expect(stackOf()).toContain("withoutStacks.test");
  await expect(withoutStacks(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(stackOf()).toContain("withoutStacks.test");
});
