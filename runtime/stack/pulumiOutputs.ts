import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { CommandContext } from "../commands/context.js";

/** What the pulumi command line printed, or in one sentence why there is nothing. */
export type PulumiAnswer = { readonly outputs: string } | { readonly reason: string };

/** Asks `pulumi stack output --json` in the current folder; a missing command or a failing one is a reason, not a crash. */
export function pulumiOutputs(stack: string | undefined, context: CommandContext): Promise<PulumiAnswer> {
  if (!existsSync(path.join(context.directory, "Pulumi.yaml"))) {
    return Promise.resolve({ reason: `no Pulumi.yaml stands in ${context.directory}` });
  }
  const selection = stack === undefined ? [] : ["--stack", stack];
  return new Promise((resolve, reject) => {
    execFile(
      "pulumi",
      ["stack", "output", "--json", "--non-interactive", ...selection],
      {
        cwd: context.directory,
        env: { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
        maxBuffer: 16 * 1024 * 1024,
        signal: context.signal,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ outputs: stdout });
        else if (context.signal.aborted) reject(context.signal.reason);
        else if (error.code === "ENOENT") resolve({ reason: "the pulumi command is not on the PATH" });
        else resolve({ reason: `pulumi stack output says: ${lastSentence(stderr) || error.message}` });
      },
    );
  });
}

function lastSentence(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return (lines.find((line) => line.startsWith("error:")) ?? lines.findLast((line) => line !== "") ?? "").replace(
    /^error:\s*/,
    "",
  );
}
