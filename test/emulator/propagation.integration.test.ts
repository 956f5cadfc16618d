import { expect, it } from "vitest";
import { runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

it("`emulator --propagation 6 deploy` waits for the address rule, which takes six seconds to let the deployer in", async () => {
  const words = ["emulator", "--propagation", "6", "deploy"];
  const { code, stderr } = await runCli(words, { SYNAPSE_BATCH_HOME: testStateFolder().path });
  expect(stderr).toContain("Waiting for the workspace's address rules, 600 s at most");
  expect(code).toBe(0);
});
