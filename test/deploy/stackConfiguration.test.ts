import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStackConfiguration } from "../../emulator/deploy/stackConfiguration.js";

describe("a stack's configuration", () => {
  let folder: string;
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "stack-"));
    write(
      "Pulumi.yaml",
      "name: p\nconfig:\n  cloud:location: { value: here }\n  count: { type: integer, default: 3 }\n  list: { default: [a] }\n  word: { type: string, secret: true }\n",
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the project's defaults, then the stack's values, then what the call says", () => {
    write("Pulumi.dev.yaml", "config:\n  p:count: 4\n  p:list: [b, c]\n");
    expect(readStackConfiguration(folder, "dev", { word: "x" })).toEqual({
      project: "p",
      configuration: { "cloud:location": "here", "p:count": "4", "p:list": '["b","c"]', "p:word": "x" },
      secretKeys: ["p:word"],
    });
  });

  it("is the defaults where the stack has no file", () => {
    expect(readStackConfiguration(folder, "none").configuration).toEqual({
      "cloud:location": "here",
      "p:count": "3",
      "p:list": '["a"]',
    });
  });

  it("that is encrypted is not asked for where another value is given", () => {
    write("Pulumi.dev.yaml", "config:\n  p:word:\n    secure: v1:abc\n");
    expect(readStackConfiguration(folder, "dev", { word: "given" }).configuration).toMatchObject({ "p:word": "given" });
  });

  it("that is encrypted, or no YAML, is a wrong call", () => {
    write("Pulumi.dev.yaml", "config:\n  p:word:\n    secure: v1:abc\n");
    expect(() => readStackConfiguration(folder, "dev")).toThrow(/p:word is encrypted/);
    write("Pulumi.dev.yaml", "config: [");
    expect(() => readStackConfiguration(folder, "dev")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
