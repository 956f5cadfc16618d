import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const pages = ["README.md", ...readdirSync(path.join(root, "docs")).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const scripts = (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object }).scripts;

it.each(pages)("every file that %s names is there", (page) => {
  const text = readFileSync(path.join(root, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => String(match[1]));
  const missing = links.filter((link) => !existsSync(path.resolve(root, path.dirname(page), link)));
  expect(missing).toEqual([]);
});

it.each(pages)("every npm script that %s names is there", (page) => {
  const text = readFileSync(path.join(root, page), "utf8");
  const named = [...text.matchAll(/npm run (?:-s )?([a-z]+)/g)].map((match) => String(match[1]));
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

it.each(pages)("every test that %s names is there, with its title", (page) => {
  const text = readFileSync(path.join(root, page), "utf8");
  const named = [...text.matchAll(/`(test\/[^`]+\.test\.ts)` "([^"]+)"/g)];
  const gone = named.filter(
    ([, file = "", title = ""]) => !readFileSync(path.join(root, file), "utf8").includes(title),
  );
  expect(gone.map(([whole]) => whole)).toEqual([]);
});
