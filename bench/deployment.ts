import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { finished } from "./deployedProcess.js";
import type { Figure } from "./figure.js";

/** `npm run emulator -- deploy` as a whole process, the emulator's start in it: into nothing, and again with nothing to do. */
export async function deployment(): Promise<Figure[]> {
  const home = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  try {
    const full = await deploying(home);
    const again = await deploying(home);
    const rest = { unit: "ms", peer: null, ratio: null } as const;
    return [
      { name: "deploy, everything is new", value: full, ...rest },
      { name: "deploy, nothing to do", value: again, ...rest },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function deploying(home: string): Promise<number> {
  const environment = { ...process.env, SYNAPSE_BATCH_HOME: home };
  return Math.round(await finished("npm", ["run", "emulator", "--", "deploy"], environment));
}
