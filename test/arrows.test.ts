import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

/** Which top folders a file may import from; the first rule whose pattern fits counts. */
const rules: readonly { readonly from: RegExp; readonly to: readonly string[] }[] = [
  { from: /^contract\//, to: ["contract"] },
  { from: /^infra\//, to: ["contract", "infra"] },
  { from: /^runtime\//, to: ["contract", "runtime"] },
  { from: /^samples\//, to: ["contract", "samples", "emulator"] },
  { from: /^emulator\/start\.ts$/, to: ["contract", "emulator", "runtime", "samples"] },
  { from: /^emulator\/deploy\//, to: ["contract", "emulator", "infra"] },
  { from: /^emulator\//, to: ["contract", "emulator"] },
];

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, "/")));
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map((match) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(file), String(match[1]))),
  );
}

describe("arrows", () => {
  const files = ["contract", "infra", "runtime", "emulator", "samples"].flatMap(sources);

  it("hold: contract imports nothing of ours, infra and runtime neither each other nor the emulator", () => {
    const broken = files.flatMap((file) => {
      const rule = rules.find((candidate) => candidate.from.test(file));
      return importsOf(file)
        .filter((target) => !rule?.to.includes(String(target.split("/")[0])))
        .map((target) => `${file} -> ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it("hold: the engine imports no HTTP server and no Azure service", () => {
    const broken = files
      .filter((file) => file.startsWith("emulator/engine/"))
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ target }) => !/^(contract|emulator\/engine)\//.test(target));
    expect(broken).toEqual([]);
  });

  it("hold: infra and runtime contain no word of the emulator", () => {
    const broken = files
      .filter((file) => /^(infra|runtime)\//.test(file))
      .filter((file) => /emulat/i.test(readFileSync(path.join(root, file), "utf8")));
    expect(broken).toEqual([]);
  });

  it("hold: the program ends with a RunError: another error out of an apply leaves Pulumi's command line waiting", () => {
    const broken = files
      .filter((file) => /^infra\/(?!dataplane\/)/.test(file))
      .filter((file) => /new Error\(/.test(readFileSync(path.join(root, file), "utf8")));
    expect(broken).toEqual([]);
  });

  it("hold: no source file has more than 300 lines", () => {
    const long = files.filter((file) => readFileSync(path.join(root, file), "utf8").split("\n").length > 301);
    expect(long).toEqual([]);
  });
});
