import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { projectRoot } from "../home.js";

/** The packages that a deployment of ours uses, by their plugins' names. */
export const pluginNames = ["azure-native", "random"] as const;

export type PluginName = (typeof pluginNames)[number];

const require = createRequire(import.meta.url);

/** The version of the npm package that is installed, which is the plugin's that the engine asks for. */
export function pluginVersion(name: PluginName): string {
  return (require(`@pulumi/${name}/package.json`) as { readonly version: string }).version;
}

/**
 * Puts the stand-ins for Pulumi's plugins where Pulumi's command line keeps what it has downloaded (`PULUMI_HOME`), so that
 * it starts them in the caller's own process tree and environment, and downloads nothing.
 */
export function installPlugins(pulumiHome: string): void {
  for (const name of pluginNames) {
    const folder = path.join(pulumiHome, "plugins", `resource-${name}-v${pluginVersion(name)}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const words = [process.execPath, path.join(projectRoot(), "bin", "pulumi-plugin.js"), name];
    const file = path.join(folder, `pulumi-resource-${name}`);
    if (process.platform === "win32") write(`${file}.cmd`, `@${words.map((word) => `"${word}"`).join(" ")} %*\r\n`);
    else write(file, `#!/bin/sh\nexec ${words.map(quoted).join(" ")} "$@"\n`);
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Leaves a file as it is that says the same: it may be running. */
function write(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(file, text);
  chmodSync(file, 0o700);
}
