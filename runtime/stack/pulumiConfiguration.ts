import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { CommandContext } from "../commands/context.js";
import type { StackSelection } from "./findStack.js";

/** Whether the stack was found through the Pulumi command line: no file names its outputs. */
export function isPulumiStack({ outputs }: StackSelection, { environment, directory }: CommandContext): boolean {
  return outputs === undefined && !environment["STACK_OUTPUTS"] && existsSync(path.join(directory, "Pulumi.yaml"));
}

/** `pulumi config set` in the current folder; the result says in one sentence what went wrong, undefined if nothing did. */
export function setPulumiConfiguration(
  key: string,
  value: string,
  stack: string | undefined,
  context: CommandContext,
): Promise<string | undefined> {
  const selection = stack === undefined ? [] : ["--stack", stack];
  return new Promise((resolve) => {
    execFile(
      "pulumi",
      ["config", "set", key, value, "--non-interactive", ...selection],
      { cwd: context.directory, env: { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" } },
      (error, _stdout, stderr) => resolve(error === null ? undefined : stderr.trim() || error.message),
    );
  });
}
