import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import path from "node:path";
import { scoringClientSecret } from "../../../emulator/commands/settings.js";
import type { StateFolder } from "../../../emulator/stateFolder.js";
import type { ChildResult } from "../../helpers/childProcess.js";
import { runCli } from "../../helpers/cli.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { startTestEmulator, type TestEmulator } from "../../helpers/testEmulator.js";
import { toolsPath } from "../../helpers/tools.js";

const root = path.resolve(import.meta.dirname, "../../..");
const stack = "local";

/** A copy of the project's root as a person has it who types `pulumi up` in it. */
export interface PulumiProject {
  readonly folder: string;
  /** All that the commands wrote. */
  readonly written: readonly string[];
  /** Runs a command inside the emulator, as `npm run emulator -- exec` does. */
  exec(...words: string[]): Promise<ChildResult>;
  /** The same for a command that must succeed; its stdout. */
  succeed(...words: string[]): Promise<string>;
}

/** An emulator on this folder that commands join by the folder alone. */
export async function startJoinableEmulator(state: StateFolder): Promise<TestEmulator> {
  const claim = state.claim();
  if (!claim) throw new Error("another emulator runs on the folder");
  const emulator = await startTestEmulator({ folder: state });
  state.writeCertificates((await testAuthority()).certificatePem);
  state.announce({ pid: process.pid, port: emulator.port, token: "test" });
  return {
    ...emulator,
    async close() {
      await emulator.close();
      claim.release();
    },
  };
}

/** Copies the project, makes a stack and gives it the settings that `emulator deploy` gives its own, as the README says. */
export async function openPulumiProject(pulumi: string, state: StateFolder): Promise<PulumiProject> {
  const folder = path.join(path.dirname(state.path), `${path.basename(state.path)}-project`);
  mkdirSync(folder);
  for (const name of ["infra", "contract", "samples", "package.json", "Pulumi.yaml", `Pulumi.${stack}.yaml`]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  for (const name of ["node_modules", "bin"]) {
    symlinkSync(path.join(root, name), path.join(folder, name), "junction");
  }
  const environment = { SYNAPSE_BATCH_HOME: state.path, PATH: pathWith(pulumi) };
  const written: string[] = [];
  const project: PulumiProject = {
    folder,
    written,
    async exec(...words) {
      const result = await runCli(["emulator", "exec", "--", ...words], environment, folder);
      written.push(result.stdout, result.stderr);
      return result;
    },
    async succeed(...words) {
      const { code, stdout, stderr } = await project.exec(...words);
      if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
      return stdout;
    },
  };
  await project.succeed(pulumi, "stack", "init", stack);
  const lines = await runCli(["emulator", "settings"], environment);
  await project.succeed("sh", "-e", "-c", lines.stdout);
  return project;
}

/** The scoring application's secret in this emulator. */
export function scoringSecret(state: StateFolder): string {
  return state.withStore(scoringClientSecret);
}

/** The installer puts the language host and the plugin of dynamic resources beside `pulumi`; a build of its module has none. */
function pathWith(pulumi: string): string {
  const isInstalled = existsSync(path.join(path.dirname(realpathSync(pulumi)), "pulumi-language-nodejs"));
  const missing = isInstalled ? [] : [import.meta.dirname, path.join(root, "node_modules/@pulumi/pulumi")];
  return [...missing, toolsPath()].join(path.delimiter);
}
