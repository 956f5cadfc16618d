import { expect, it } from "vitest";
import { cliFile, runCli } from "../../helpers/cli.js";
import { testStateFolder } from "../../helpers/testEmulator.js";

const names = ["BES_ENDPOINT", "BES_API_KEY", "BES_STORAGE_CONNECTION_STRING", "BES_WORKSPACE_TOKEN"];

/** Run inside: what it was given, and the lines by which a shell would join. */
const program = `
  const { execFileSync } = require("node:child_process");
  const lines = execFileSync(process.execPath, [${JSON.stringify(cliFile)}, "emulator", "env"]).toString();
  const given = Object.entries(process.env).filter(([name]) => name.startsWith("BES_"));
  console.log(JSON.stringify({ given: Object.fromEntries(given), lines: lines.split("\\n") }));
`;

it("exec sets, and env prints, where the retraining service is, its key and its storage account", async () => {
  const home = { SYNAPSE_BATCH_HOME: testStateFolder().path };
  const { code, stdout, stderr } = await runCli(["emulator", "exec", process.execPath, "-e", program], home);
  expect(code, stderr).toBe(0);
  const { given, lines } = JSON.parse(stdout) as { given: Record<string, string>; lines: string[] };
  expect(Object.keys(given).sort()).toEqual([...names].sort());
  expect(given["BES_ENDPOINT"]).toBe(
    "https://ussouthcentral.services.azureml.net/workspaces/f4a5c63f0e6a40e2a8b4244226a5c91f/services/3ab4bbca4a2c498cbbd5186558625f02",
  );
  expect(given["BES_STORAGE_CONNECTION_STRING"]).toMatch(
    /^DefaultEndpointsProtocol=https;AccountName=[a-z0-9]{3,24};AccountKey=[A-Za-z0-9+/]{86}==;EndpointSuffix=core\.windows\.net$/,
  );
  for (const name of names) expect(lines).toContain(`export ${name}='${given[name]}'`);
});
