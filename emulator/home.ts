import { existsSync } from "node:fs";
import path from "node:path";

/** The project's root: the nearest folder above this file that has a package.json. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return folder;
}

/** Where the emulator keeps its state: `SYNAPSE_BATCH_HOME`, else `.synapse-batch` in the project. */
export function stateHome(environment: NodeJS.ProcessEnv): string {
  return path.resolve(environment["SYNAPSE_BATCH_HOME"] || path.join(projectRoot(), ".synapse-batch"));
}
