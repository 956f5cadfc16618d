import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { readJsonFile } from "../../emulator/localRun/jsonFile.js";

/** Reads a file of this text; it holds one number `n`. */
async function read(text: string): Promise<unknown> {
  const folder = mkdtempSync(path.join(tmpdir(), "json-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "a.json");
  writeFileSync(file, text);
  return readJsonFile(file, z.strictObject({ n: z.number() }), "It holds a number n.");
}

describe("a JSON file of the user's", () => {
  it("may begin with a byte order mark", async () => {
    expect(await read('\uFEFF{"n": 1}')).toEqual({ n: 1 });
  });

  it("that is no JSON is refused with the line and the column, and the line", async () => {
    await expect(read('{\n  "n": 1,\n  }\n')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/a\.json cannot be used: it stops being JSON at \S+a\.json:3:3, in `}`$/),
      cure: expect.stringContaining("comma"),
    });
  });

  it("that ends too early is refused with its end", async () => {
    await expect(read('{"n": [1,\n')).rejects.toThrow(/a\.json:2:1$/);
  });

  it.each([
    ['{"n": "x"}', "n is a text, not a number"],
    ["{}", "n is missing"],
    ["[1]", "it holds a list, not an object"],
    ['{"n": 1, "m": 2}', 'Unrecognized key: "m"'],
    ["# Title\n", "it is no JSON file, it begins with `# Title`"],
    ["\n", "it is no JSON file, it is empty"],
  ])("with %j is refused with what is wrong in it, and what it should hold", async (text, wrong) => {
    await expect(read(text)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/a\.json cannot be used: /),
      cure: "It holds a number n.",
    });
    await expect(read(text)).rejects.toThrow(new RegExp(`cannot be used: ${wrong}$`));
  });

  it("that is not there is refused by its name, with what to do", async () => {
    await expect(readJsonFile("/nowhere/a.json", z.json(), "")).rejects.toMatchObject({
      exitCode: 2,
      message: "/nowhere/a.json cannot be used: there is no such file or folder",
      cure: expect.stringContaining("Name one"),
    });
  });
});
