import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const root = path.resolve(import.meta.dirname, "..");
const output = path.join(root, "dist");
const stamp = path.join(output, "built");
const sources = ["bin", "contract", "emulator", "infra", "runtime", "samples", "scripts"];

/** Loaded where they are used and never bundled: native code, worker files, or code that reads its own source. */
const external = [
  "@pulumi/*",
  "@grpc/*",
  "google-protobuf",
  "google-protobuf/*",
  "libsql",
  "azurite",
  "azurite/*",
].concat(["ydf-training", "ydf-inference", "esbuild", "tsx"]);

/** Builds when a source is newer than the last build (looking takes some 5 ms, building 0.2 s). */
export async function ensureBuilt() {
  if (!existsSync(stamp) || newest() > statSync(stamp).mtimeMs) await build();
}

function newest() {
  let latest = statSync(path.join(root, "package.json")).mtimeMs;
  for (const folder of sources) {
    for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.[jt]s$/.test(entry.name)) continue;
      latest = Math.max(latest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return latest;
}

/**
 * dist/: the commands as bundles (they start in tens of milliseconds), and the Pulumi program file by file, because
 * Pulumi serializes its dynamic providers from modules that must stay apart.
 */
export async function build() {
  const { build: esbuild } = await import("esbuild");
  const shared = {
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    absWorkingDir: root,
    write: false,
  };
  const results = await Promise.all([
    esbuild({
      ...shared,
      entryPoints: {
        main: "bin/main.ts",
        pulumiPlugin: "emulator/pulumi/pulumiPlugin.ts",
        testing: "emulator/testing.ts",
        scoringWorker: "emulator/services/machineLearning/forests/scoringWorker.ts",
        trainingWorker: "emulator/services/machineLearning/forests/trainingWorker.ts",
      },
      outdir: "dist",
      bundle: true,
      splitting: true,
      external,
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
    }),
    esbuild({
      ...shared,
      entryPoints: ["infra", "contract"].flatMap((folder) =>
        readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
          .filter((file) => file.endsWith(".ts"))
          .map((file) => path.join(folder, file)),
      ),
      outdir: "dist/program",
      outbase: ".",
    }),
  ]);
  const files = results.flatMap((result) => result.outputFiles);
  // what others import comes first, so that a bundle never names a file that is not there yet
  files.sort((one, other) => Number(one.path.endsWith("main.js")) - Number(other.path.endsWith("main.js")));
  for (const file of files) replaceFile(file.path, file.contents);
  replaceFile(stamp, "");
}

/** In one step: another command may be reading the file at this moment. */
function replaceFile(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  const written = `${file}.${process.pid}`;
  writeFileSync(written, content);
  renameSync(written, file);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  // only here: a command that rebuilds must not take files from under another one that runs
  rmSync(output, { recursive: true, force: true });
  await build();
}
