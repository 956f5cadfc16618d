import path from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

it("npm run trigger without a stack exits 2 and says what to type", async () => {
  const { code, stderr } = await runCli(["trigger"], { PATH: "" });
  expect(code).toBe(2);
  expect(stderr).toContain("pulumi up");
  expect(stderr).toContain("npm start");
});

it("npm run trigger in a shell that has joined before anything was deployed names the line that deploys there", async () => {
  const home = testStateFolder().path;
  const joined = { SYNAPSE_BATCH_HOME: home, STACK_OUTPUTS: path.join(home, "outputs.json") };
  const { code, stderr } = await runCli(["trigger"], joined);
  expect(code).toBe(2);
  expect(stderr).toMatch(/nothing is deployed here yet: +npm run emulator -- deploy$/m);
});
