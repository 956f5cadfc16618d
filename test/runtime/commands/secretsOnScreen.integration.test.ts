import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../../contract/clock.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";
import { commandAgainst } from "../helpers/commandAgainst.js";

let azure: DeployedEmulator;

beforeAll(async () => {
  azure = await startDeployedEmulator();
}, 60_000);
afterEach(() => azure.faults.clear());
afterAll(() => azure?.close());

/** What a person sees of a run that is watched with --verbose, in place or line by line. */
async function watched(isTerminal: boolean) {
  const context = { isTerminal, columns: 120, rows: 40 };
  const options = { clock: systemClock(), outputs: azure.outputs, context };
  const { exitCode, out, err } = await commandAgainst(
    azure.environmentFor("trigger"),
    ["trigger", "--verbose"],
    options,
  );
  return { exitCode, out, err };
}

function expectNoSecrets(written: string): void {
  const { directory } = azure.platform;
  const secrets = directory.all().flatMap(({ appId }) => directory.secretOf(appId) ?? []);
  expect(secrets.length).toBeGreaterThan(2);
  for (const secret of secrets) expect(written).not.toContain(secret);
  expect(written).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
  expect(written).not.toMatch(/Bearer (?!\*)/);
}

it.each([
  ["in place on a terminal", true],
  ["as plain lines", false],
])("the watch of a run that succeeds, %s, shows no secret and no token that the run used", async (_how, isTerminal) => {
  const { exitCode, out, err } = await watched(isTerminal);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out.includes("\u001b[?25l")).toBe(isTerminal);
  expectNoSecrets(out);
});

it.each([
  ["the sign-in of the pipeline", { host: "login.microsoftonline.com", path: "*/oauth2/token" }, "Getbearertoken"],
  ["the batch endpoint", { host: "*.inference.ml.azure.com" }, "invoke_batch"],
  ["the key vault", { host: "*.vault.azure.net" }, "clientid"],
])(
  "--verbose shows the request that failed at %s without the secrets in it",
  async (_where, place, activity) => {
    azure.faults.add({ kind: "error", ...place });
    for (const isTerminal of [true, false]) {
      const { exitCode, out, err } = await watched(isTerminal);
      expect(exitCode, err).toBe(1);
      expect(err).toContain(`${activity} failed: `);
      expect(err).toContain("request:");
      expect(err).toContain("the service is busy or has a fault of its own: start the run again later");
      expectNoSecrets(out + err);
    }
  },
  60_000,
);
