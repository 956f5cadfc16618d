import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { audiences } from "../../../contract/hosts.js";
import type { Json } from "../../../contract/json.js";
import { joined } from "../../../emulator/environment.js";
import { cancelDocument } from "../../../runtime/commands/documents.js";
import { watchLine } from "../../../runtime/synapse/events.js";
import { cliFile, runCli } from "../../helpers/cli.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";
import { publishCarelessPipelines } from "../helpers/carelessPipelines.js";
import { expectNoSecrets } from "../helpers/expectNoSecrets.js";

const wait = (seconds: Json) => ({ name: "pause", type: "Wait", typeProperties: { waitTimeInSeconds: seconds } });
const reference = (name: string) => ({ referenceName: name, type: "PipelineReference" });

/** Pipelines that another program has put into the workspace. */
const foreign = {
  waiting: {
    activities: [wait({ value: "@pipeline().parameters.seconds", type: "Expression" })],
    parameters: { seconds: { type: "int" }, note: { type: "string", defaultValue: "" } },
  },
  parent: {
    activities: [
      {
        name: "child",
        type: "ExecutePipeline",
        typeProperties: { pipeline: reference("waiting"), waitOnCompletion: true, parameters: { seconds: 600 } },
      },
    ],
  },
  items: {
    activities: [
      {
        name: "each",
        type: "ForEach",
        typeProperties: {
          items: { value: "@createArray(1,2)", type: "Expression" },
          activities: [
            {
              name: "call",
              type: "WebActivity",
              typeProperties: { method: "GET", url: "https://nowhere.vault.azure.net/secrets/a?api-version=7.4" },
            },
            {
              name: "go_on",
              type: "Wait",
              dependsOn: [{ activity: "call", dependencyConditions: ["Failed"] }],
              typeProperties: { waitTimeInSeconds: 1 },
            },
          ],
        },
      },
    ],
  },
};

describe("a workspace that is known by its name alone", () => {
  let azure: DeployedEmulator;
  let workspace: string;
  /** All that commands have written. */
  const written: string[] = [];
  let scored: string;

  /** Types a command with `--workspace`. */
  async function type(principal: "trigger" | "operator" | "deployer", ...words: string[]) {
    const result = await azure.run(principal, ...words, "--workspace", workspace);
    written.push(result.stdout, result.stderr);
    return result;
  }

  /** Starts a run and resolves with its id. */
  async function start(...words: string[]): Promise<string> {
    const { stdout, stderr } = await type("trigger", "trigger", "--detach", "--json", ...words);
    const line = watchLine.parse(JSON.parse(stdout.split("\n")[0] || stderr));
    return line.runId;
  }

  /** The service's own list. */
  function allRuns(): Promise<unknown> {
    const url = `${azure.outputs.synapseEndpoint}/queryPipelineRuns?api-version=2020-12-01`;
    const body = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
    return azure.call("deployer", audiences.synapse[0], url, { method: "POST", body });
  }

  beforeAll(async () => {
    azure = await startDeployedEmulator();
    workspace = azure.outputs.synapseWorkspace;
    for (const [name, properties] of Object.entries(foreign)) {
      const url = `${azure.outputs.synapseEndpoint}/pipelines/${name}?api-version=2020-12-01`;
      await azure.call("deployer", audiences.synapse[0], url, { method: "PUT", body: { properties } });
    }
    const run = await type("trigger", "trigger", "--pipeline", azure.outputs.pipelineName, "--json", "--verbose");
    scored = watchLine.parse(JSON.parse(run.stdout.split("\n")[0] ?? "")).runId;
  }, 60_000);
  afterAll(() => azure?.close());

  it("is found in Resource Manager by an identity that may read its group alone", async () => {
    const { code, stdout } = await type("operator", "outputs", "--json");
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as { id: string; pipelines: { name: string }[] };
    expect(found.id).toContain(`/providers/Microsoft.Synapse/workspaces/${workspace}`);
    expect(found.pipelines.map(({ name }) => name)).toEqual(["batch-scoring", "items", "parent", "waiting"]);
  });

  it("is looked for in all subscriptions that the identity sees, where AZURE_SUBSCRIPTION_ID names none", async () => {
    const environment = { ...azure.environmentFor("operator"), AZURE_SUBSCRIPTION_ID: "" };
    const found = await runCli(["outputs", "--workspace", workspace.toUpperCase(), "--json"], environment);
    expect(JSON.parse(found.stdout)).toMatchObject({ synapseWorkspace: workspace, location: "centralus" });
    const nowhere = await runCli(["runs", "--workspace", "synw"], environment);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("(looked in all subscriptions that this identity sees: 1)");
  });

  it("is suggested where its name is misspelt: exit code 2", async () => {
    const { code, stderr } = await azure.run("operator", "runs", "--workspace", `${workspace}x`);
    expect(code).toBe(2);
    expect(stderr).toContain(`there is no Synapse workspace ${workspace}x: did you mean ${workspace}? (looked in`);
    expect(stderr).toContain(`this identity sees ${workspace}`);
  });

  it("runs any of its pipelines, and the three document roles are enough to start and watch", async () => {
    const { code, stdout } = await type("trigger", "trigger", "--pipeline", "waiting", "--param", "seconds=1");
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ pause +Succeeded/);
  });

  it.each([
    [["--pipeline", "waitng"], "has no pipeline waitng: did you mean waiting?"],
    [[], "has 4 pipelines: which one?"],
    [
      ["--pipeline", "waiting", "--param", "second=1"],
      "second is no parameter of this pipeline: did you mean seconds?",
    ],
    [["--pipeline", "waiting", "--param", "seconds=soon"], 'seconds must be a whole number (Int), not "soon"'],
    [["--pipeline", "waiting"], "seconds (Int) has no default: give it a value"],
  ])("checks %j against the deployed definition: exit code 2 before anything is started", async (words, reason) => {
    const before = await allRuns();
    const { code, stderr } = await type("trigger", "trigger", ...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(await allRuns()).toEqual(before);
  });

  it("tells of loop items, of failures that were handled, and of where the refusal came from", async () => {
    const { code, stdout } = await type("trigger", "trigger", "--pipeline", "items");
    expect(stdout).toMatch(/! call \[1\] +Failed .*handled by go_on/);
    expect(stdout).toMatch(/✓ go_on \[2\] +Succeeded/);
    expect(code).toBe(0);
  });

  it("is cancelled by an operator with the child runs, which are named; the trigger principal is refused by name", async () => {
    const runId = await start("--pipeline", "parent");
    const refused = await type("trigger", "cancel", runId);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("cannot be cancelled: 403 Unauthorized");
    expect(refused.stderr).toContain("this identity needs the role Synapse Compute Operator");
    const { code, stdout } = await type("operator", "cancel", runId, "--json");
    const document = cancelDocument.parse(JSON.parse(stdout));
    expect([code, document.status, document.children.length]).toEqual([0, "Cancelled", 1]);
    const monitor = await type("trigger", "monitor", ...document.children, runId);
    expect(monitor.code).toBe(4);
    expect(monitor.stdout).toContain(`run ${document.children[0]}`);
    expect(await type("operator", "cancel", runId)).toMatchObject({ code: 0 });
  }, 40_000);

  it("has batch jobs that are looked after too; where the caller may not, the Studio link is printed", async () => {
    const allowed = await type("operator", "cancel", scored);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/batch job batchjob-\S+ had ended: Completed/);
    const refused = await type("trigger", "cancel", scored);
    expect(refused.code).toBe(0);
    expect(refused.stdout).toMatch(/batch job batchjob-\S+ goes on, it could not be cancelled: 403/);
    expect(refused.stdout).toMatch(/https:\/\/ml\.azure\.com\/runs\/batchjob-\S+\?wsid=\/subscriptions\//);
  });

  it("shows a run's scores: rows, summary and distribution, and saves them with --out", async () => {
    const out = path.join(azure.folder, "scores.csv");
    const { code, stdout } = await type("operator", "scores", scored, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toContain("2500 rows scored: https://");
    expect(stdout).toMatch(/\nby deployment \S+ \(model \S+:\S+\) of \S+\n/);
    expect(stdout).toMatch(/predicted fares: \$\d+\.\d\d to \$\d+\.\d\d, median \$\d+\.\d\d, mean/);
    expect(stdout).toMatch(/\$0 to \$10 +\d+ {2}█+/);
    expect((await readFile(out, "utf8")).trim().split("\n")).toHaveLength(2500);
  });

  it.each([
    [
      "cancel",
      [
        ["management.azure.com", "*/microsoft.synapse/workspaces*"],
        ["management.azure.com", "*/jobs/*"],
      ],
      "had ended: Completed",
    ],
    [
      "scores",
      [
        ["management.azure.com", "*/datastores/*"],
        ["management.azure.com", "*/deployments/*"],
        ["*.blob.core.windows.net", "*/predictions.csv"],
      ],
      " (model ",
    ],
  ] as const)(
    "is worked on by %s also where each service takes the token no longer: another one is got",
    async (command, refused, line) => {
      onTestFinished(() => void azure.faults.clear());
      for (const [host, path] of refused) azure.faults.add({ kind: "expired-token", host, path, count: 1 });
      const { code, stdout, stderr } = await type("operator", command, scored);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(line);
      expect(azure.faults.list().map(({ applied }) => applied)).toEqual(refused.map(() => 1));
    },
  );

  it("is found although Resource Manager's answers break off", async () => {
    onTestFinished(() => void azure.faults.clear());
    azure.faults.add({
      kind: "half-body",
      host: "management.azure.com",
      path: "*/microsoft.synapse/workspaces*",
      count: 2,
    });
    const { code, stdout } = await type("deployer", "outputs", "--json");
    expect([code, azure.faults.list()[0]?.applied]).toEqual([0, 2]);
    expect(JSON.parse(stdout)).toMatchObject({ synapseWorkspace: workspace, location: "centralus" });
  });

  it("is watched to the run's end though the token ends and the sign-in service has a fault meanwhile", async () => {
    onTestFinished(() => void azure.faults.clear());
    const typed = ["trigger", "--pipeline", "waiting", "--param", "seconds=5", "--workspace", workspace];
    const environment = azure.environmentFor("trigger");
    const child = spawn(process.execPath, [cliFile, ...typed], { env: joined(process.env, environment) });
    onTestFinished(() => void child.kill("SIGKILL"));
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk);
      if (azure.faults.list().length > 0 || !stdout.includes("pause")) return;
      azure.faults.add({ kind: "unavailable", host: "login.microsoftonline.com", count: 6 });
      azure.faults.add({ kind: "expired-token", host: "*.dev.azuresynapse.net", count: 1 });
    });
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    expect([code, azure.faults.list().map(({ applied }) => applied)]).toEqual([0, [6, 1]]);
    expect(stderr).toContain("cannot see the run at the moment, trying again: sign-in for");
    expect(stderr).toContain("the run is seen again");
    expect(stdout).toMatch(/run Succeeded/);
  }, 30_000);

  it("gets into no output any secret or token that its runs have used", async () => {
    const failing = await type("trigger", "scores", scored, "--verbose");
    expect(failing.code).toBe(3);
    expect(failing.stderr).toContain("request: GET https://");
    const { names } = await publishCarelessPipelines(azure);
    for (const name of names) {
      const careless = await type("trigger", "trigger", "--pipeline", name, "--verbose");
      expect([careless.code, careless.stderr]).toEqual([1, expect.stringContaining("request:")]);
    }
    await expectNoSecrets(written.join("\n"), azure);
  });
});
