import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comparable, holdsSecret, plain, plainObject, withIgnored } from "../../emulator/deploy/properties.js";

const signature = "4dabf18193072939515e22adb298388d";
const secret = (value: string) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });

describe("Pulumi's wire values", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "properties-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const asset = (file: string) => ({ [signature]: "c44067f5952c0a294b673a41bacd8c17", path: file });

  it("lose the marks of secrets at any depth", () => {
    const value = { a: [{ b: secret("x") }] };
    expect(holdsSecret(value)).toBe(true);
    expect(plain(value)).toEqual({ a: [{ b: "x" }] });
    expect(holdsSecret(plain(value))).toBe(false);
  });

  it("leave out what is absent", () => {
    expect(plainObject({ a: null, b: { c: null, d: 0 } })).toEqual({ b: { d: 0 } });
  });

  it("name a file by what it holds: the same content elsewhere is the same input", () => {
    const [one, other, changed] = ["one", "other", "changed"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(one, "same");
    writeFileSync(other, "same");
    writeFileSync(changed, "not the same");
    expect(comparable(plain({ source: asset(one) }))).toEqual(comparable(plain({ source: asset(other) })));
    expect(comparable(plain({ source: asset(one) }))).not.toEqual(comparable(plain({ source: asset(changed) })));
  });

  it("of a kind that is not supported are an error", () => {
    expect(() => plain({ [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", assets: {} })).toThrow(/archive/);
    expect(() => plain({ [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "x" })).toThrow(/files as assets/);
  });
});

describe("ignored changes", () => {
  it("keep the old value at the path and nothing else", () => {
    const news = { properties: { defaults: { deploymentName: "new" }, authMode: "AADToken" }, tags: { a: "1" } };
    const olds = { properties: { authMode: "Key" }, tags: {} };
    expect(withIgnored(news, olds, ["properties.defaults"])).toEqual({
      properties: { authMode: "AADToken" },
      tags: { a: "1" },
    });
    expect(withIgnored(news, { properties: { defaults: { deploymentName: "old" } } }, ["properties.defaults"])).toEqual(
      {
        properties: { authMode: "AADToken", defaults: { deploymentName: "old" } },
        tags: { a: "1" },
      },
    );
  });
});
