import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

it("docs/dependencies.md names each direct dependency, and nothing else", () => {
  const text = readFileSync(path.join(root, "docs/dependencies.md"), "utf8");
  const named = [...text.matchAll(/^\| (@?[a-z][^ |]*) +\|/gm)]
    .map((match) => match[1])
    .filter((name) => name !== "package");
  expect(named).toEqual(Object.keys(manifest.dependencies).sort());
});

it("every version is exact", () => {
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
