import path from "node:path";
import { build } from "esbuild";

/** Bundles `bench/<name>.ts`, as the emulator is built, for a process of its own; resolves with the file to start. */
export async function bundled(name: string): Promise<string> {
  const outfile = path.resolve(import.meta.dirname, `../dist/bench/${name}.js`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
  });
  return outfile;
}
