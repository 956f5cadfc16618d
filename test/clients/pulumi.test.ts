import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostNames } from "../../contract/hosts.js";
import { outputsFile, pulumiHome } from "../../emulator/environment.js";
import { subscription } from "../../emulator/platform/subscription.js";
import { cliFile, processesNaming, runCli } from "../helpers/cli.js";
import { openCaller } from "../helpers/deployedEmulator.js";
import { type RequestRecorder, recordRequests } from "../helpers/requestRecorder.js";
import { storedRows } from "../helpers/storedRows.js";
import { type TestEmulator, testStateFolder } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";
import { changes, sorted, withoutRandomNames } from "./pulumi/comparable.js";
import { openPulumiProject, type PulumiProject, scoringSecret, startJoinableEmulator } from "./pulumi/project.js";

const pulumi = requireTool("pulumi", { args: ["version"] }) ?? "";
/** What `pulumi stack export` prints, as far as it is read here. */
interface Export {
  readonly deployment: { readonly resources: readonly { readonly urn: string; readonly id?: string }[] };
}

const arm = `https://${hostNames.resourceManager}`;

describe.skipIf(pulumi === "")("the pulumi command line in a copy of the project, inside emulator exec", () => {
  const state = testStateFolder();
  let emulator: TestEmulator;
  let project: PulumiProject;
  let recorder: RequestRecorder;
  let caller: ReturnType<typeof openCaller>;
  let inTheBeginning: ReturnType<typeof storedRows>;
  /** What the deployment in process of the same stack asks of Resource Manager, and its outputs. */
  let inProcess: { readonly requests: readonly string[]; readonly outputs: string };

  beforeAll(async () => {
    inProcess = await deployInProcess();
    emulator = await startJoinableEmulator(state);
    caller = openCaller(emulator);
    inTheBeginning = storedRows(emulator.platform);
    recorder = recordRequests(hostNames.resourceManager);
    project = await openPulumiProject(pulumi, state);
  });
  afterAll(async () => {
    recorder?.stop();
    await caller?.close();
    await emulator?.close();
  });

  const command = (...words: string[]) => project.succeed(pulumi, ...words, "--non-interactive");
  const ask = (url: string, options = {}) => caller.call("deployer", arm, `${arm}${url}`, options);
  /** The same before a change and after: what Resource Manager was asked to change meanwhile. */
  const changesSince = (start: number) => changes(recorder.requests.slice(start), emulator.platform);

  it("preview shows every resource as one to create, and makes none", async () => {
    const start = recorder.requests.length;
    const { steps } = JSON.parse(await command("preview", "--json")) as { steps: { op: string; urn: string }[] };
    expect(new Set(steps.map(({ op }) => op))).toEqual(new Set(["create"]));
    expect(steps.length).toBeGreaterThan(40);
    // names are asked for by POST
    expect(changesSince(start).filter((line) => !line.startsWith("POST "))).toEqual([]);
  });

  it("up asks Resource Manager for exactly what the deployment in process asks it", async () => {
    const start = recorder.requests.length;
    expect(await command("up", "--yes", "--skip-preview")).toMatch(/\+ \d+ created/);
    const [ours, theirs] = [new Set(inProcess.requests), new Set(changesSince(start))];
    expect([...theirs].filter((line) => !ours.has(line))).toEqual([]);
    expect([...ours].filter((line) => !theirs.has(line))).toEqual([]);
    expect(ours.size).toBeGreaterThan(30);
  });

  it("a second up changes nothing", async () => {
    const start = recorder.requests.length;
    const shown = await command("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(shown).toMatch(/Resources:\s+\d+ unchanged/);
    expect(changesSince(start)).toEqual([]);
  });

  it("stack output --json is what the deployment in process gives, byte for byte", async () => {
    const outputs = JSON.parse(await command("stack", "output", "--json"));
    const text = JSON.stringify(sorted(outputs), undefined, 2);
    expect(withoutRandomNames([text], emulator.platform)[0]).toBe(inProcess.outputs);
  });

  it("npm run trigger finds the stack by pulumi stack output and runs the pipeline to its end", async () => {
    expect(await project.succeed(process.execPath, cliFile, "trigger")).toMatch(/run Succeeded after/);
  });

  it("preview of an edited pipeline shows the one URL that changes", async () => {
    const file = path.join(project.folder, "infra/pipeline/signIn.ts");
    const source = readFileSync(file, "utf8");
    writeFileSync(file, source.replace("/oauth2/token`", "/oauth2/v2.0/token`"));
    const shown = await command("preview", "--diff");
    writeFileSync(file, source);
    const token = `https://login.microsoftonline.com/${subscription.tenantId}/oauth2`;
    expect(shown).toMatch(/~ url +: /);
    expect(shown).toContain(`"${token}/token" => "${token}/v2.0/token"`);
    expect(shown).toMatch(/~ 1 to update\s+\d+ unchanged/);
  });

  it("refresh shows what was changed from outside, and up puts it right", async () => {
    const { deployment } = JSON.parse(await command("stack", "export")) as Export;
    const idOf = (end: string) => deployment.resources.find(({ urn }) => urn.endsWith(end))?.id;
    const assignment = `${idOf(", Storage Blob Data Reader, default container")}?api-version=2022-04-01`;
    await ask(assignment, { method: "DELETE" });
    const vault = `${idOf("keyvault:Vault::scoring-vault")}?api-version=2024-11-01`;
    await ask(vault, { method: "PATCH", body: { tags: { owner: "somebody else" } } });

    const shown = await command("refresh", "--yes", "--skip-preview", "--diff");
    expect(shown).toMatch(/azure-native:authorization:RoleAssignment: \(delete\)/);
    expect(shown).toMatch(/owner: "somebody else"/);
    // the vault, and the endpoint's default, which is set after azure-native has made the endpoint
    expect(shown).toMatch(/~ 2 updated\s+- 1 deleted/);
    expect(await command("up", "--yes", "--skip-preview")).toMatch(/\+ 1 created\s+~ 1 updated/);
    expect(await ask(assignment)).toMatchObject({ type: "Microsoft.Authorization/roleAssignments" });
    expect(await ask(vault)).not.toMatchObject({ tags: { owner: "somebody else" } });
  });

  it("neither the state nor what the commands wrote has a secret in plain text", async () => {
    const home = pulumiHome(state.path);
    const files = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    files.push(path.join(project.folder, "Pulumi.local.yaml"));
    const texts = [...files.map((file) => readFileSync(file, "utf8")), ...project.written];
    expect(texts.length).toBeGreaterThan(10);
    for (const secret of [scoringSecret(state), String(emulator.environment["ARM_CLIENT_SECRET"])]) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  it("destroy leaves nothing, and no process", async () => {
    expect(await command("destroy", "--yes", "--skip-preview")).toMatch(/- \d+ deleted/);
    const ofSubscription = `/subscriptions/${subscription.subscriptionId}`;
    const left = await Promise.all(
      [
        "/resourcegroups?api-version=2024-03-01",
        "/resources?api-version=2024-03-01",
        "/providers/Microsoft.KeyVault/deletedVaults?api-version=2024-11-01",
      ].map((list) => ask(`${ofSubscription}${list}`) as Promise<{ value: unknown[] }>),
    );
    expect(left.map(({ value }) => value)).toEqual([[], [], []]);
    expect(storedRows(emulator.platform)).toEqual(inTheBeginning);
    expect(processesNaming(pulumiHome(state.path))).toEqual([]);
    expect(emulator.refusals).toEqual([]);
  });
});

async function deployInProcess(): Promise<{ requests: readonly string[]; outputs: string }> {
  const state = testStateFolder();
  const emulator = await startJoinableEmulator(state);
  const recorder = recordRequests(hostNames.resourceManager);
  try {
    const { platform } = emulator;
    const { code, stderr } = await runCli(["emulator", "deploy"], { SYNAPSE_BATCH_HOME: state.path });
    if (code !== 0) throw new Error(`the deployment in process failed: ${stderr}`);
    const outputs = sorted(JSON.parse(readFileSync(outputsFile(state.path), "utf8")));
    const [text = ""] = withoutRandomNames([JSON.stringify(outputs, undefined, 2)], platform);
    return { requests: changes(recorder.requests, platform), outputs: text };
  } finally {
    recorder.stop();
    await emulator.close();
  }
}
