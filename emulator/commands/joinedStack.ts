import path from "node:path";
import { pathToFileURL } from "node:url";
import { exitCodes } from "../../contract/errors.js";
import { readStackConfiguration } from "../deploy/stackConfiguration.js";
import { projectRoot } from "../home.js";
import type { Store } from "../platform/store.js";
import type { StateFolder } from "../stateFolder.js";
import { untilJoined } from "./earlyChild.js";
import { promotedDeployment } from "./promotedDeployment.js";
import { principalSettings, scoringClientSecret } from "./settings.js";
import type { StackCommandOptions, StackWork } from "./stack.js";
import { isWithinTurn } from "./stackTurn.js";

/** The stack that is deployed here: its settings are in Pulumi.local.yaml. */
const stack = "local";

/** Does the work in this process once it has joined the emulator; what the work needs is loaded while it waits for that. */
export async function workJoined(
  folder: StateFolder,
  options: StackCommandOptions,
  load: () => Promise<StackWork>,
): Promise<number> {
  const { environment, clock, signal, log } = options;
  const loading = load();
  // a failure to load is thrown below, after the waiting
  loading.catch(() => {});
  await untilJoined(environment);
  const interrupt = () => {
    // the start that this is a part of says so itself
    if (!isWithinTurn(environment)) log("interrupted: what is done stays, and the next time it goes on from there");
    process.exit(exitCodes.interrupted);
  };
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt);
  const work = await loading;
  const store = folder.openStore();
  try {
    const root = projectRoot();
    const input = options.input === undefined ? {} : { inputFile: path.resolve(options.input) };
    // paths in the configuration are relative to the project, as they are under `pulumi up`
    process.chdir(root);
    const configuration = readStackConfiguration(root, stack, { ...givenByTheDirectory(store), ...input });
    return await work({ folder, settings: { ...configuration, stack, store, environment, clock } });
  } finally {
    store.close();
  }
}

/** What a user of Azure puts into the stack's settings: after making the two applications, and after a promotion. */
function givenByTheDirectory(store: Store): Record<string, string> {
  const promoted = promotedDeployment(store);
  return {
    ...(promoted === undefined ? {} : { defaultDeployment: promoted }),
    ...principalSettings,
    operators: JSON.stringify(principalSettings.operators),
    scoringClientSecret: scoringClientSecret(store),
  };
}

/** The program as built from infra/: modules that stay apart, because Pulumi serializes dynamic providers from them. */
export async function loadProgram(): Promise<() => Promise<object>> {
  const url = pathToFileURL(path.join(projectRoot(), "dist", "program", "infra", "index.js")).href;
  const module = (await import(url)) as { default: () => Promise<object> };
  return module.default;
}
