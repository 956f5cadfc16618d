import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const withoutIndent = (text: string) => text.replace(/^ +/gm, "").trim();

it("the examples of docs/pipelines.md are those of the tests", () => {
  const examples = [...read("docs/pipelines.md").matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");
  const tests = withoutIndent(read("test/localRun/testing.test.ts"));
  expect(examples).toHaveLength(2);
  for (const example of examples) expect(tests).toContain(withoutIndent(example));
});

it("the stub file of docs/pipelines.md is the one that its lines run with", () => {
  const [, example = ""] = /^```json\n(.*?)^```/ms.exec(read("docs/pipelines.md")) ?? [];
  expect(JSON.parse(example)).toEqual(JSON.parse(read("samples/pipelines/stub.json")));
});
