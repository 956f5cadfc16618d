import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  comparable,
  plain,
  plainObject,
  secretPaths,
  withIgnored,
  withSecrets,
} from "../../emulator/deploy/properties.js";

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
    expect(secretPaths(value)).toEqual(["a[*].b"]);
    expect(plain(value)).toEqual({ a: [{ b: "x" }] });
    expect(secretPaths(plain(value))).toEqual([]);
  });

  it("get the marks back where the secrets were, as far as there is something", () => {
    const marked = withSecrets({ a: [{ b: "x" }, {}], c: "y" }, ["a[*].b", "gone.away"]);
    expect(marked).toEqual({ a: [{ b: secret("x") }, {}], c: "y" });
    expect(withSecrets(marked, ["a[0].b"])).toEqual(marked);
  });

  it("name a file by the hash that an engine gives: the file may have changed since", () => {
    const given = { ...asset(path.join(folder, "gone")), hash: "ab12" };
    expect(plain({ source: given })).toEqual({
      source: { assetPath: path.join(folder, "gone"), assetSha256: "ab12" },
    });
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

  it("go into lists, by index and for every item", () => {
    const news = {
      rules: [
        { value: 1, note: "new" },
        { value: 2, note: "new" },
      ],
      "a.b": 2,
    };
    const olds = { rules: [{ value: 3, note: "old" }, { value: 4 }], "a.b": 1 };
    const paths = ["rules[*].note", "rules[1].value", '["a.b"]'];
    expect(withIgnored(news, olds, paths)).toEqual({
      rules: [{ value: 1, note: "old" }, { value: 4 }],
      "a.b": 1,
    });
  });
});
