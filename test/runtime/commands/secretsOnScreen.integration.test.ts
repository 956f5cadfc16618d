import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../../contract/clock.js";
import { audiences } from "../../../contract/hosts.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";
import { publishCarelessPipelines } from "../helpers/carelessPipelines.js";
import { commandAgainst } from "../helpers/commandAgainst.js";
import { expectNoSecrets } from "../helpers/expectNoSecrets.js";

let azure: DeployedEmulator;

beforeAll(async () => {
  azure = await startDeployedEmulator();
}, 60_000);
afterEach(() => azure.faults.clear());
afterAll(() => azure?.close());

/** What a person sees of a run that is watched with --verbose, in place or line by line. */
async function watched(isTerminal: boolean, ...words: string[]) {
  const context = { isTerminal, columns: 120, rows: 40 };
  const options = { clock: systemClock(), outputs: azure.outputs, context };
  const { exitCode, out, err } = await commandAgainst(
    azure.environmentFor("trigger"),
    ["trigger", "--verbose", ...words],
    options,
  );
  return { exitCode, out, err };
}

it.each([
  ["in place on a terminal", true],
  ["as plain lines", false],
])("the watch of a run that succeeds, %s, shows no secret and no token that the run used", async (_how, isTerminal) => {
  const { exitCode, out, err } = await watched(isTerminal);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out.includes("\u001b[?25l")).toBe(isTerminal);
  await expectNoSecrets(out, azure);
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
      await expectNoSecrets(out + err, azure);
    }
  },
  60_000,
);

it("--verbose shows a request that carries every secret of the stack and was refused, whose pipeline hides nothing, without them", async () => {
  const { names, secrets } = await publishCarelessPipelines(azure);
  for (const name of names) {
    for (const isTerminal of [true, false]) {
      const { exitCode, out, err } = await watched(isTerminal, "--pipeline", name);
      expect(exitCode, err).toBe(1);
      expect(err).toContain("hand_over failed: ");
      expect(err).toContain("request:");
      const recorded = await recordsOf(name, /run (\S+) of/.exec(out)?.[1] ?? "");
      for (const secret of secrets) expect(recorded).toContain(secret);
      expect(recorded).toMatch(/Bearer eyJ/);
      await expectNoSecrets(out + err, azure);
    }
  }
}, 60_000);

/** The service's own records of what a run's activities have sent and got. */
async function recordsOf(pipeline: string, runId: string): Promise<string> {
  const { synapseEndpoint } = azure.outputs;
  const url = `${synapseEndpoint}/pipelines/${pipeline}/pipelineruns/${runId}/queryActivityruns?api-version=2020-12-01`;
  const body = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
  return JSON.stringify(await azure.call("deployer", audiences.synapse[0], url, { method: "POST", body }));
}
