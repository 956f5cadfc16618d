import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = path.resolve(import.meta.dirname, "../..");
const text = (file: string) => readFileSync(path.join(root, file), "utf8");

interface Setting {
  readonly type?: string;
  readonly secret?: boolean;
  readonly default?: unknown;
  readonly value?: unknown;
  readonly description?: string;
}

const { config } = parse(text("Pulumi.yaml")) as { readonly config: Readonly<Record<string, Setting>> };
const own = Object.entries(config).filter(([key]) => !key.includes(":"));
const shown = (value: unknown) => {
  if (value === "") return "";
  return `\`${typeof value === "object" ? JSON.stringify(value) : String(value)}\``;
};

/** The cells of a row of a Markdown table, without their padding. */
const rows = text("docs/configuration.md")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .slice(1, -1)
      .split(" | ")
      .map((cell) => cell.trim()),
  );

describe("Pulumi.yaml", () => {
  it.each(own)("gives %s a type, a default and a description", (_key, setting) => {
    const { type, default: otherwise, description } = setting;
    const typeOf = Array.isArray(otherwise) ? "array" : Number.isInteger(otherwise) ? "integer" : typeof otherwise;
    expect(type).toBe(typeOf);
    expect(description).toMatch(/^\w.*[^.]$/);
  });
});

describe("docs/configuration.md", () => {
  it("has the settings of Pulumi.yaml, each as it is declared there", () => {
    const declared = Object.entries(config).map(([key, setting]) => [
      `\`${key}\``,
      `${setting.type ?? "string"}${setting.secret ? ", secret" : ""}`,
      shown(setting.default ?? setting.value ?? ""),
      (setting.description ?? "Region of every resource").replaceAll("<", "\\<"),
    ]);
    expect(rows.filter((row) => row.length === 4)).toEqual(declared);
  });

  it("tells of each existing resource what it spares and what it must be", () => {
    const told = rows.filter((row) => row.length === 3).map(([key]) => key);
    expect(told).toEqual(own.flatMap(([key]) => (key.startsWith("existing") ? [`\`${key}\``] : [])));
  });
});
