import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const root = path.resolve(import.meta.dirname, "..");
export const output = path.join(root, "dist");

/** A file that lists the sources of a part, relative to the root, one a line; its time is the beginning of the last build. */
const stampOf = (part) => `${output}/built.${part}`;

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

/** Builds when a source of that part (`commands` or `all`) is newer than the last build; looking takes 2 to 5 ms. */
export async function ensureBuilt(part = "all") {
  if (!isBuilt(part)) await build();
}

/** Makes little garbage: a collection here would bring later ones forward, which costs a command 15 ms in all. */
function isBuilt(part) {
  try {
    const { mtimeMs } = statSync(stampOf(part));
    const sources = readFileSync(stampOf(part), "utf8").split("\n");
    return sources.every((source) => statSync(`${root}/${source}`).mtimeMs < mtimeMs);
  } catch {
    // never built, or a source has gone
    return false;
  }
}

/**
 * dist/: the quick commands as one script (bin/quick.js), the whole program as modules, and the Pulumi program file by
 * file, because Pulumi serializes its dynamic providers from modules that must stay apart.
 */
export async function build() {
  const begun = new Date();
  const { build: esbuild } = await import("esbuild");
  const shared = { platform: "node", target: "node20", logLevel: "error", absWorkingDir: root };
  const results = { ...shared, metafile: true, write: false };
  const [commands, ...others] = await Promise.all([
    esbuild({ ...results, ...asScript, entryPoints: ["bin/commands.ts"], outfile: "dist/commands.cjs" }),
    esbuild({
      ...results,
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
      format: "esm",
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
    }),
    esbuild({
      ...results,
      entryPoints: ["infra", "contract"].flatMap((folder) =>
        readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
          .filter((file) => file.endsWith(".ts"))
          .map((file) => path.join(folder, file)),
      ),
      outdir: "dist/program",
      outbase: ".",
      format: "esm",
    }),
  ]);
  for (const { path: file, text } of commands.outputFiles) replaceFile(file, plainWithHash(text));
  const files = others.flatMap((result) => result.outputFiles);
  // what others import comes first, so that a bundle never names a file that is not there yet
  files.sort((one, other) => Number(one.path.endsWith("main.js")) - Number(other.path.endsWith("main.js")));
  for (const file of files) replaceFile(file.path, file.contents);
  replaceFile(stampOf("commands"), sourcesOf([commands]), begun);
  replaceFile(stampOf("all"), sourcesOf([commands, ...others]), begun);
  removeForgotten(begun);
}

/** One function in one file without `import`, so that what V8 compiles of it can be kept. */
const asScript = {
  bundle: true,
  external,
  format: "cjs",
  minifyWhitespace: true,
  alias: { "string-width": "./scripts/lazyStringWidth.cjs" },
  define: { "import.meta.dirname": "__dirname", "import.meta.url": "moduleUrl" },
  banner: {
    js: '(function(exports,require,module,__filename,__dirname){const moduleUrl=require("node:url").pathToFileURL(__filename).href;',
  },
  footer: { js: "})" },
};

/**
 * The text in ASCII, which is read without decoding (esbuild leaves other characters in regular expressions), below a line
 * with its hash.
 */
function plainWithHash(text) {
  const plain = text.replace(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `//${createHash("sha256").update(plain).digest("hex")}\n${plain}`;
}

/** The project's own files in these bundles, and those that decide how they are made. */
function sourcesOf(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const own = inputs.filter((file) => !file.includes("node_modules/"));
  return [...new Set(own), "package.json", "scripts/build.js"].join("\n");
}

/** In one step: another command may be reading the file at this moment. */
export function replaceFile(file, content, time) {
  mkdirSync(path.dirname(file), { recursive: true });
  const written = `${file}.${process.pid}`;
  writeFileSync(written, content);
  if (time) utimesSync(written, time, time);
  try {
    renameSync(written, file);
  } catch (thrown) {
    rmSync(written);
    throw thrown;
  }
}

/** Removes parts of earlier builds after a day: until then a process that was started before may still load them. */
function removeForgotten(now) {
  for (const name of readdirSync(output)) {
    const file = path.join(output, name);
    const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (name !== "program" && mtimeMs < now.getTime() - 24 * 3_600_000) rmSync(file, { force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  // only here: a command that rebuilds must not take files from under another one that runs
  rmSync(output, { recursive: true, force: true });
  await build();
}
