import { mkdirSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "../..");

/** Bundles the scoring worker as the product's build does; inside the project, so that the bundle finds YDF. */
export async function buildScoringWorker(): Promise<URL> {
  const cache = path.join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const outfile = path.join(mkdtempSync(path.join(cache, "scoring-worker-")), "scoringWorker.mjs");
  await build({
    entryPoints: [path.join(root, "emulator/services/machineLearning/forests/scoringWorker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["ydf-inference"],
    // CommonJS packages inside an ESM bundle ask for node's own modules
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    logLevel: "silent",
  });
  return pathToFileURL(outfile);
}
