import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/** The PATH of child processes: the tools' own folder (`SYNAPSE_BATCH_TOOLS`, its `bin/`) comes first. */
export function toolsPath(): string {
  const tools = process.env["SYNAPSE_BATCH_TOOLS"];
  const inherited = process.env["PATH"] ?? "";
  return tools ? [path.join(tools, "bin"), inherited].join(path.delimiter) : inherited;
}

/**
 * Where a client's program is, or undefined when the machine lacks it, so that its tests are skipped by name. With
 * REQUIRE_TOOLS=1 a missing tool is an error. The probe's arguments must end with exit code 0.
 */
export function requireTool(
  name: string,
  probe?: { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): string | undefined {
  const file = toolsPath()
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
  const works = file !== undefined && (probe === undefined || run(file, probe).status === 0);
  if (works) return file;
  if (process.env["REQUIRE_TOOLS"] === "1") {
    throw new Error(
      `REQUIRE_TOOLS=1, but "${[name, ...(probe?.args ?? [])].join(" ")}" does not work: ${file ?? "not found"} (PATH ${toolsPath()})`,
    );
  }
  return undefined;
}

function run(file: string, probe: { args: readonly string[]; env?: Readonly<Record<string, string>> }) {
  return spawnSync(file, probe.args, { env: { ...process.env, ...probe.env } });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
