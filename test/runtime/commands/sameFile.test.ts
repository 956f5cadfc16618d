import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSameFile } from "../../../runtime/commands/sameFile.js";

describe("two names", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "names-"));
    mkdirSync(path.join(directory, "folder"));
    writeFileSync(path.join(directory, "there"), "");
    symlinkSync("there", path.join(directory, "link"));
    symlinkSync("absent", path.join(directory, "ahead"));
    symlinkSync("folder", path.join(directory, "shelf"));
    symlinkSync("loop", path.join(directory, "loop"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    ["there", "./there", true],
    ["absent", "folder/../absent", true],
    ["there", "link", true],
    ["absent", "ahead", true],
    ["folder/new", "shelf/new", true],
    ["loop", "loop", true],
    ["there", "absent", false],
    ["folder/new", "new", false],
    ["no/such/folder", "no/such/file", false],
  ])("%s and %s stand for one file: %s", async (one, other, isSame) => {
    expect(await isSameFile(one, other, directory)).toBe(isSame);
    expect(await isSameFile(path.join(directory, one), other, directory)).toBe(isSame);
  });
});
