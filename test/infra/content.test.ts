import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesAt, hashOf, projectPath, scoringFolder } from "../../infra/content.js";

describe("what the program uploads", () => {
  const start = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "content-")));
    mkdirSync(path.join(folder, "model", "deep"), { recursive: true });
    writeFileSync(path.join(folder, "model", "b.zip"), "1");
    writeFileSync(path.join(folder, "model", "deep", "a.zip"), "2");
    writeFileSync(path.join(folder, "model", "README.md"), "");
  });
  afterEach(() => {
    process.chdir(start);
    rmSync(folder, { recursive: true });
  });

  it("is found from the project's folder, wherever the program runs", () => {
    process.chdir(folder);
    const root = path.resolve(import.meta.dirname, "../..");
    expect(projectPath("samples/model")).toBe(path.join(root, "samples", "model"));
    expect(scoringFolder).toBe(path.join(root, "infra", "scoring"));
  });

  it("is nothing when it is not there", () => {
    expect(projectPath("none.csv")).toBeUndefined();
  });

  it("is every file of a folder, in the order of names, or the one file", () => {
    const files = filesAt(path.join(folder, "model"), (name) => !name.endsWith(".md"));
    expect(files.map(({ name }) => name)).toEqual(["b.zip", "deep/a.zip"]);
    expect(filesAt(path.join(folder, "model", "b.zip"), () => false).map(({ name }) => name)).toEqual(["b.zip"]);
  });

  it("has another hash when a file's content or name changes, not when it moves", () => {
    const one = hashOf([{ file: path.join(folder, "model", "b.zip"), name: "x" }]);
    expect(hashOf([{ file: path.join(folder, "model", "deep", "a.zip"), name: "x" }])).not.toBe(one);
    expect(hashOf([{ file: path.join(folder, "model", "b.zip"), name: "y" }])).not.toBe(one);
    writeFileSync(path.join(folder, "moved"), "1");
    expect(hashOf([{ file: path.join(folder, "moved"), name: "x" }])).toBe(one);
  });
});
