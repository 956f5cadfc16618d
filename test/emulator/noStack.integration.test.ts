import { expect, it } from "vitest";
import { runCli } from "../helpers/cli.js";

it("npm run trigger without a stack exits 2 and says what to type", async () => {
  const { code, stderr } = await runCli(["trigger"], { PATH: "" });
  expect(code).toBe(2);
  expect(stderr).toContain("pulumi up");
  expect(stderr).toContain("npm start");
});
