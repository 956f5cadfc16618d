import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../scripts/build.js";
import { type ChildResult, runJoined } from "./childProcess.js";

/** The project's sources in a temporary folder, as a fresh clone with its packages installed: nothing is built. */
export interface ProjectCopy {
  readonly folder: string;
  /** Runs `synapse-batch <words…>` of the copy to its end. */
  run(words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<ChildResult>;
  close(): void;
}

export function copyProject(): ProjectCopy {
  const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-copy-"));
  for (const name of ["package.json", "tsconfig.json", "bin", "contract", "emulator", "infra", "runtime", "scripts"]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  const launcher = path.join(folder, "bin", "synapse-batch.js");
  return {
    folder,
    run: (words, environment = {}) => runJoined(process.execPath, [launcher, ...words], { environment, folder }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
