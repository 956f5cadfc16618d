import { createHash } from "node:crypto";
import { rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import type { ExclusiveFile } from "../../contract/exclusiveFile.js";

const lookIntervalMs = 50;

/**
 * Waits until no other process of this user on this machine is at the start of that name, and keeps them out until it is
 * released. Rejects with the signal's reason, or with exit code 3 where the folder for temporary files cannot be used.
 */
export async function lockStart(name: string, clock: Clock, signal: AbortSignal): Promise<ExclusiveFile> {
  const { takeFile } = await import("../../contract/exclusiveFile.js");
  const hash = createHash("sha256").update(name).digest("hex");
  const file = path.join(os.tmpdir(), `synapse-batch-start-${os.userInfo().uid}-${hash}`);
  for (;;) {
    const lock = take();
    if (lock) return lock;
    await clock.sleep(lookIntervalMs, signal);
  }

  function take(): ExclusiveFile | undefined {
    try {
      writeFileSync(file, "", { flag: "a", mode: 0o600 });
      const before = inodeOf(file);
      const taken = takeFile(file);
      if (taken === undefined) return undefined;
      if (before === inodeOf(file)) return { release: () => release(taken) };
      // whoever had it before has removed it meanwhile: what was taken is a file that nobody else will find
      taken.release();
      return undefined;
    } catch (thrown) {
      throw new ProgramError(exitCodes.unavailable, `${file} cannot be used: ${messageOf(thrown)}`, {
        cure: "let TMPDIR name a folder that can be written to",
        cause: thrown,
      });
    }
  }

  function release(taken: ExclusiveFile): void {
    try {
      rmSync(file, { force: true });
    } catch {
      // Windows removes no file that is open: it stays, and it is empty
    }
    taken.release();
  }
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
