import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../helpers/cli.js";

const folder = mkdtempSync(path.join(tmpdir(), "evaluate-"));
const fileWith = (name: string, content: unknown) => {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const evaluate = (...words: string[]) => runCli(["emulator", "evaluate", ...words], { SYNAPSE_BATCH_HOME: folder });

describe("emulator evaluate", () => {
  it("prints the value as JSON, with what the context file has", async () => {
    const context = fileWith("context.json", { parameters: { n: 2 }, activities: { A: { output: { v: [1.5] } } } });
    const expression = "@createArray(pipeline().parameters.n, activity('A').output.v[0], 'x')";
    expect(await evaluate(expression, "--context", context)).toEqual({ code: 0, stdout: '[2,1.5,"x"]\n', stderr: "" });
  });

  it("ends with exit code 1 and the typed error of an expression that cannot be evaluated", async () => {
    const { code, stdout, stderr } = await evaluate("@div(1,0)");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: divide-by-zero: /);
  });

  it("--cases prints each difference and a last line, and ends with exit code 1 if there was one", async () => {
    const good = { id: "a", expression: "@add(1,1)", expected: 2 };
    const bad = { id: "b", expression: "@add(1,1)", expected: 3 };
    const { code, stdout } = await evaluate("--cases", fileWith("cases.json", [good, bad]));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "b @add(1,1): expected 3, got 2\n1 passed, 1 failed\n" });
  });

  it("without an expression says how to give one", async () => {
    const { code, stderr } = await evaluate();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^error: An expression is missing\.\nhow to solve: .*evaluate "@concat\('a', string\(add\(1, 2\)\)\)".*--cases/,
      ),
    });
  });

  it.each([[["--cases", path.join(folder, "missing.json")]]])("is a wrong call with %j: exit code 2", async (words) => {
    expect((await evaluate(...words)).code).toBe(2);
  });
});
