import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostNames } from "../../contract/hosts.js";
import { joined } from "../../emulator/environment.js";
import { subscription } from "../../emulator/platform/subscription.js";
import { cliFile, runCli } from "../helpers/cli.js";
import { openCaller } from "../helpers/deployedEmulator.js";
import { storedRows } from "../helpers/storedRows.js";
import { startTestEmulator, type TestEmulator, testStateFolder } from "../helpers/testEmulator.js";

// real processes, really killed, in the order of a stack's life
const slow = 120_000;
const folder = testStateFolder();
const resourceManager = `https://${hostNames.resourceManager}`;
const subscriptionUrl = `${resourceManager}/subscriptions/${subscription.subscriptionId}`;
let emulator: TestEmulator;
let environment: Record<string, string>;
let caller: ReturnType<typeof openCaller>;

interface Listed {
  readonly id: string;
  readonly properties: { readonly principalId: string; readonly roleDefinitionId: string; readonly scope: string };
}

let inTheBeginning: Readonly<Record<string, number>>;

beforeAll(async () => {
  emulator = await startTestEmulator({ folder });
  inTheBeginning = storedRows(emulator.platform);
  environment = { ...emulator.environmentFor("deployer"), SYNAPSE_BATCH_HOME: folder.path };
  caller = openCaller(emulator);
});

afterAll(async () => {
  await caller.close();
  await emulator.close();
});

async function listed(path: string, version: string): Promise<readonly Listed[]> {
  const url = `${subscriptionUrl}${path}?api-version=${version}`;
  const { value } = (await caller.call("deployer", resourceManager, url)) as { value: readonly Listed[] };
  return value;
}

const resources = async () => (await listed("/resources", "2021-04-01")).map(({ id }) => id).sort();
const assignments = () => listed("/providers/Microsoft.Authorization/roleAssignments", "2022-04-01");

const command = (...words: string[]) => runCli(["emulator", ...words], environment);

/** Runs the command until it has told of so many steps, and kills it then. */
async function killedAfter(steps: number, ...words: string[]): Promise<void> {
  const child = spawn(process.execPath, [cliFile, "emulator", ...words], {
    env: joined(process.env, environment),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close");
  let told = 0;
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (/^ {2}(created|deleted)/.test(line)) told += 1;
    if (told === steps) child.kill("SIGKILL");
  });
  expect(await ended).toEqual([null, "SIGKILL"]);
}

describe("a stack", () => {
  it(
    "whose deployment is killed again and again goes on each time, and has nothing twice",
    async () => {
      for (const steps of [6, 20]) await killedAfter(steps, "deploy");
      const { code, stderr } = await command("deploy");
      expect(code, stderr).toBe(0);
      const preview = await command("preview");
      expect(preview).toMatchObject({ code: 0, stdout: "" });
      expect(preview.stderr).toMatch(/nothing to do: \d+ resources are as the program says/);
      const all = await resources();
      const types = all.map((id) => /providers\/([^/]+\/[^/]+)/.exec(id)?.[1]);
      expect(types.filter((type) => type === "Microsoft.Synapse/workspaces")).toHaveLength(1);
      expect(types.filter((type) => type === "Microsoft.Storage/storageAccounts")).toHaveLength(2);
      const granted = (await assignments()).map(({ properties }) => JSON.stringify(properties));
      expect(new Set(granted).size).toBe(granted.length);
    },
    slow,
  );

  it(
    "deployed again is left as it is, and the command says so",
    async () => {
      const { code, stderr } = await command("deploy");
      expect({ code, steps: stderr.match(/^ {2}\w+/gm) }).toEqual({ code: 0, steps: null });
      expect(stderr).toMatch(/deployed in [\d.]+ s: nothing to do, \d+ unchanged/);
    },
    slow,
  );

  it(
    "that another file would change is previewed so, as lines and as JSON, and nothing is done",
    async () => {
      const input = path.join(folder.path, "..", `${path.basename(folder.path)}.csv`);
      writeFileSync(
        input,
        readFileSync("samples/example-data/taxibatch.csv", "utf8").split("\n").slice(0, 3).join("\n"),
      );
      const shown = await command("preview", "--input", input);
      expect(shown.stdout).toMatch(/^ {2}update {3}input-file {2}Blob\n {13}source.* → /);
      expect(shown.stderr).toMatch(/to do: create 0, update 1, delete 0, leave \d+/);
      const { resources: steps } = JSON.parse((await command("preview", "--input", input, "--json")).stdout);
      expect(steps).toMatchObject([{ action: "update", name: "input-file", changes: [{ kind: "changed" }] }]);
      expect((await command("preview")).stderr).toContain("nothing to do");
    },
    slow,
  );

  it(
    "whose destruction is killed goes on the next time and leaves nothing: no resource, assignment, run, blob or name",
    async () => {
      // so that there are jobs, datasets, scores and runs to be left behind
      const run = await runCli(["trigger"], { ...environment, ...emulator.environmentFor("trigger") });
      expect(run.code, run.stderr).toBe(0);
      await killedAfter(4, "destroy");
      const { code, stderr } = await command("destroy");
      expect(code, stderr).toBe(0);
      expect(await resources()).toEqual([]);
      expect((await assignments()).filter(({ properties }) => properties.scope.includes("/resourceGroups/"))).toEqual(
        [],
      );
      expect(await listed("/resourcegroups", "2021-04-01")).toEqual([]);
      expect(await listed("/providers/Microsoft.KeyVault/deletedVaults", "2022-07-01")).toEqual([]);
      expect(storedRows(emulator.platform)).toEqual(inTheBeginning);
      expect((await command("destroy")).stderr).toContain("there was nothing");
    },
    slow,
  );

  it(
    "can be deployed again under the same names",
    async () => {
      const { code, stderr } = await command("deploy");
      expect(code, stderr).toBe(0);
    },
    slow,
  );
});
