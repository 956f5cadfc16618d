import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { typeCommand } from "../helpers/typeCommand.js";

/** A folder with files of parameters that are all wrong. */
function wrongFiles(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "wrong-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, "bad.json"), '{"pollSeconds": 5, "apiKey": s3cret}');
  writeFileSync(path.join(folder, "empty.json"), "");
  writeFileSync(path.join(folder, "list.json"), "[1]");
  writeFileSync(path.join(folder, "types.json"), '{"pollSeconds": "often"}');
  mkdirSync(path.join(folder, "folder"));
  return folder;
}

const isEmpty = "It is empty: is a variable not set?";
const object = 'write one JSON object: {"name": value, …}; --help tells the names';
const takes = "this pipeline takes correlationId (String), pollSeconds (Int), apiKey (SecureString)";
const lists = "check the id: npm run runs lists them";

it.each([
  ["trigger --params-file bad.json", "--params-file bad.json is not JSON: Unexpected token", object],
  ["trigger --params-file empty.json", "--params-file empty.json is not JSON: Unexpected end", object],
  ["trigger --params-file list.json", "holds an array where an object should be", object],
  ["trigger --params-file none.json", "--params-file none.json cannot be read: ENOENT", "check the path: it means "],
  ["trigger --params-file no/a.json", "--params-file no/a.json cannot be read: ENOENT", "check the path: it means "],
  ["trigger --params-file folder", "--params-file folder cannot be read: EISDIR", "check the path: it means "],
  ["trigger --params-file types.json", "pollSeconds must be a whole number (Int), the file has a value of", takes],
  ["trigger --params-file=", "--params-file", isEmpty],
  ["trigger --param pollSeconds", "--param pollSeconds: write name=value", takes],
  ["trigger --param pollSeconds=often", 'pollSeconds must be a whole number (Int), not "often"', takes],
  ["trigger --param polSeconds=5", "polSeconds is no parameter of this pipeline", "did you mean pollSeconds?"],
  ["trigger --pipeline=", "--pipeline", isEmpty],
  ["trigger --pipeline nope", "the workspace ws1 has no pipeline nope", "how to solve: it has no pipelines at all"],
  ["trigger --timeout 5", "argument '5' is invalid", "Write it like 90s, 10m or 2h."],
  ["trigger --on-timeout x", "argument 'x' is invalid", "Allowed choices are leave, cancel."],
  ["trigger --on-interrupt x", "argument 'x' is invalid", "Allowed choices are detach, cancel."],
  ["trigger --idempotency-key=", "--idempotency-key", isEmpty],
  ["trigger --detach --timeout 5m", "option '--detach' cannot be used with option '--timeout", ""],
  ["trigger --detach --on-interrupt cancel", "option '--detach' cannot be used with option '--on-interrupt", ""],
  ["trigger --jsn", "unknown option '--jsn'", "(Did you mean --json?)"],
  ["trigger run-1", "too many arguments for 'trigger'", ""],
  ["trigger --workspace=", "--workspace", isEmpty],
  ["monitor nope", "there is no run nope in ws1: 404 RunNotFound", lists],
  ["monitor a/../b", "there is no run a/../b in ws1: 404 RunNotFound", lists],
  ["monitor ''", "is invalid for argument 'run'.", isEmpty],
  ["runs --status succeded", "--status succeded is no status of a run", "did you mean Succeeded?"],
  ["runs --pipeline=", "--pipeline", isEmpty],
  ["runs --since x", "argument 'x' is invalid", "Write it like 2h, 7d or 2024-05-01T08:00Z."],
  ["runs --until 2024-13-45", "argument '2024-13-45' is invalid", "Write it like 2h, 7d or 2024-05-01T08:00Z."],
  ["runs --since 1h --until 2h", "there is no time between --since (", "--since comes first: --since 2d --until 1d"],
  ["runs --top 1.5", "argument '1.5' is invalid", "Write a whole number, 0 for all."],
  ["cancel nope", "there is no run nope in ws1: 404 RunNotFound", lists],
  ["cancel ''", "is invalid for argument 'run'.", isEmpty],
  ["scores nope", "run nope has no scores: 404", "npm run monitor -- nope --outputs outputs.json"],
  ["scores ''", "is invalid for argument 'run'.", isEmpty],
  ["scores r --out=", "--out", isEmpty],
  ["scores r --csv=", "--csv", isEmpty],
])(
  "`%s` is a wrong call: exit code 2, what was wrong and what to type, nothing is started",
  async (line, what, cure) => {
    const typed = line.split(" ").map((word) => (word === "''" ? "" : word));
    const folder = wrongFiles();
    const file = typed[typed.indexOf("--params-file") + 1] ?? "";
    const inFolder = typed.map((word) =>
      word === file && typed.includes("--params-file") ? path.join(folder, word) : word,
    );
    const scores = ({ answer }: { answer(status: number): unknown }) => answer(404);
    const { recorded, starts } = await typeCommand({ scores }, inFolder);
    const said = recorded.err.replaceAll(`${folder}/`, "");
    expect([recorded.exitCode, starts]).toEqual([2, 0]);
    expect(said).toContain(what);
    expect(said).toContain(cure);
    expect(said).not.toContain("s3cret");
  },
);
