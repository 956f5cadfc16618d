import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const versionsIn = (file: string, line: RegExp) =>
  Object.fromEntries([...read(file).matchAll(line)].map(([, name, version]) => [String(name), String(version)]));

/** A part of docs/clients.md: the test file that it names, and its table. */
interface Part {
  readonly tests: string;
  readonly rows: readonly { readonly client: string; readonly version: string; readonly title: string }[];
}

function partsOf(text: string): Part[] {
  return text
    .split("\n## ")
    .slice(1)
    .map((part) => ({
      tests: String(/\]\(\.\.\/(test\/clients\/\w+\.test\.ts)\)/.exec(part)?.[1]),
      rows: part
        .split("\n")
        .filter((line) => line.startsWith("| ") && !/^\| (client|-+) /.test(line))
        .map((line) => line.split("|").map((cell) => cell.trim()))
        .map(([, client = "", version = "", , title = ""]) => ({ client, version, title })),
    }));
}

const locked = JSON.parse(read("package-lock.json")) as { packages: Record<string, { version?: string }> };
const python = versionsIn("test/clients/requirements.txt", /^([\w-]+)==(\S+)$/gm);
const pulumi = versionsIn("test/clients/pulumi/go.mod", /^\tgithub\.com\/(pulumi)\/pulumi\/pkg\/v3 v(\S+)/gm);
const go = versionsIn("test/clients/go/go.mod", /^\t\S+\/(\w+) v(\S+)$/gm);
const installed = (client: string) =>
  locked.packages[`node_modules/${client}`]?.version ??
  python[client] ??
  go[client] ??
  pulumi[client] ??
  "not installed";

describe("docs/clients.md", () => {
  const parts = partsOf(read("docs/clients.md"));
  const rows = parts.flatMap((part) => part.rows);

  it("names for each client a test that is there", () => {
    const named = parts.flatMap(({ tests, rows }) => rows.map(({ title }) => ({ tests, title })));
    expect(named.filter(({ tests, title }) => !read(tests).includes(`it("${title}"`))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  });

  it("tells the versions that are installed for the tests", () => {
    const told = rows.map(({ client, version }) => ({ client, version }));
    expect(told).toEqual(rows.map(({ client }) => ({ client, version: installed(client) })));
  });

  it("names every client that a test's program uses", () => {
    const programs = ["test/clients/node/main.mjs", "test/clients/python/main.py"].flatMap((file) =>
      [...read(file).matchAll(/^ +"([@\w/-]+)": "/gm)].map((match) => match[1]),
    );
    expect(programs).toHaveLength(16);
    const modules = Object.keys(go).filter((name) => name !== "azcore");
    expect([...programs, ...modules].filter((name) => !rows.some(({ client }) => client === name))).toEqual([]);
  });
});
