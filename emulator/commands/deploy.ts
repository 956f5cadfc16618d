import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Clock } from "../../contract/clock.js";
import { exitCodes } from "../../contract/errors.js";
import { randomIds } from "../../contract/ids.js";
import { attended, spawnOwnCommand } from "../children.js";
import type { DeployEvent } from "../deploy/deployEvent.js";
import { joined, outputsFile } from "../environment.js";
import { projectRoot } from "../home.js";
import { joinOrStart } from "../ownership.js";
import { openDirectory } from "../platform/directory.js";
import type { Store } from "../platform/store.js";
import { principals } from "../platform/subscription.js";
import { openStateFolder, type StateFolder } from "../stateFolder.js";
import { checkTripFile } from "../tripFile.js";
import type { CommandContext } from "./context.js";

export interface DeployCommandOptions extends CommandContext {
  /** The CSV to upload as the pipeline's input, instead of the sample. */
  readonly input?: string;
  readonly home: string;
  readonly clock: Clock;
  readonly port?: number;
  readonly offline?: boolean;
}

/** The stack that is deployed here: its settings are in Pulumi.local.yaml. */
const stack = "local";

/**
 * `emulator deploy`: runs the Pulumi program against the emulator without the Pulumi command line. The program's dynamic
 * resources know nothing but their process's environment, so that a process which has not joined yet starts one that has.
 */
export async function deployCommand(options: DeployCommandOptions): Promise<number> {
  if (options.input !== undefined) checkTripFile(options.input);
  const folder = openStateFolder(options.home);
  if (options.environment["STACK_OUTPUTS"] === outputsFile(folder.path)) return deployHere(folder, options);
  const place = await joinOrStart({ ...options, folder });
  try {
    const words = ["emulator", "deploy", ...(options.input === undefined ? [] : ["--input", options.input])];
    const environment = joined(options.environment, place.environmentFor("deployer"));
    return await attended(spawnOwnCommand(words, environment));
  } finally {
    await place.leave();
  }
}

async function deployHere(folder: StateFolder, options: DeployCommandOptions): Promise<number> {
  const { clock, log } = options;
  const [{ deploy }, { readStackConfiguration }] = await Promise.all([
    import("../deploy/deploy.js"),
    import("../deploy/stackConfiguration.js"),
  ]);
  const began = clock.now().getTime();
  options.signal.addEventListener("abort", () => {
    log("interrupted: what is deployed stays, and the next deployment goes on from there");
    process.exit(exitCodes.interrupted);
  });
  const store = folder.openStore();
  try {
    const root = projectRoot();
    const input = options.input === undefined ? {} : { inputFile: path.resolve(options.input) };
    // paths in the configuration are relative to the project, as they are under `pulumi up`
    process.chdir(root);
    const { outputs, changes } = await deploy({
      ...readStackConfiguration(root, stack, { ...givenByTheDirectory(store), ...input }),
      program: await loadProgram(root),
      stack,
      store,
      environment: options.environment,
      clock,
      onEvent: (event) => say(event, log),
    });
    writeFileSync(outputsFile(folder.path), JSON.stringify(outputs, undefined, 2), { mode: 0o600 });
    const counts = Object.entries(changes).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
    log(`deployed in ${seconds(clock.now().getTime() - began)}: ${counts.join(", ")}`);
    return exitCodes.succeeded;
  } finally {
    store.close();
  }
}

/** What a user of Azure puts into the stack's settings after making the two applications. */
function givenByTheDirectory(store: Store): Record<string, string> {
  const { scoring, trigger, operator } = principals;
  return {
    scoringClientId: scoring.appId,
    scoringClientSecret: openDirectory(store, randomIds).secretOf(scoring.appId) ?? "",
    triggerPrincipalId: trigger.objectId,
    operators: JSON.stringify([{ objectId: operator.objectId, principalType: "ServicePrincipal" }]),
  };
}

/** The program as built from infra/: modules that stay apart, because Pulumi serializes dynamic providers from them. */
async function loadProgram(root: string): Promise<() => Promise<object>> {
  const url = pathToFileURL(path.join(root, "dist", "program", "infra", "index.js")).href;
  const module = (await import(url)) as { default: () => Promise<object> };
  return module.default;
}

function say(event: DeployEvent, log: (line: string) => void): void {
  if (event.kind === "started" || event.kind === "unchanged") return;
  log(`  ${event.kind.padEnd(8)} ${event.name}  ${event.type.replace(/^.*:/, "")}  ${seconds(event.milliseconds)}`);
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
