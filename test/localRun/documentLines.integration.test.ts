import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { runJoined } from "../helpers/childProcess.js";

const root = path.join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const type = (line: string) => runJoined("sh", ["-c", line], { environment: {}, folder: root });
const lines = (code = "") => code.trim().split("\n");

/** The blocks of lines to type of a page, each with what it shows that they print, where it shows that. */
const blocksOf = (page: string) =>
  [...read(page).matchAll(/^```sh\n(.*?)^```(?:\n\n```text\n(.*?)^```)?/gms)].map(([, typed, shown]) => ({
    typed: lines(typed),
    shown,
  }));

it.each(blocksOf("docs/pipelines.md").map((block) => [block.typed.join("; "), block] as const))(
  "`%s` of docs/pipelines.md prints what stands there",
  async (_title, { typed, shown }) => {
    let printed = "";
    for (const line of typed) {
      const { code, stdout, stderr } = await type(line);
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
      printed += stdout;
    }
    expect(printed).toBe(shown);
  },
);

it("the line of README.md that runs a git folder can be typed", async () => {
  const [line = "", ...others] = lines(read("README.md")).filter((each) => /^npm run -s emulator -- run /.test(each));
  expect(others).toEqual([]);
  const { code, stdout, stderr } = await type(line);
  expect({ code, stderr, first: stdout.split("\n")[0] }).toEqual({
    code: 0,
    stderr: "",
    first: "nightly: Succeeded in 6 h 0 min of emulated time",
  });
});

it("the example of `emulator run --help` can be typed", async () => {
  const { stdout: help } = await type("npm run -s emulator -- run --help");
  const [, example = ""] = /\nExample:\n(.*)$/s.exec(help) ?? [];
  const { code, stdout } = await type(example);
  expect({ code, last: lines(stdout).at(-1) }).toEqual({ code: 0, last: 'imported = ["1.csv","3.csv"]' });
});

it("the trigger of the sample starts it with the trigger's parameters", async () => {
  const { stdout } = await type(
    "npm run -s emulator -- run samples/pipelines --trigger everyNight --http samples/pipelines/stub.json --clock virtual --json",
  );
  const { run, requests } = JSON.parse(stdout);
  expect(run.parameters).toEqual({ region: "us", hoursUntilMorning: "4" });
  expect(JSON.parse(requests.at(-1).body)).toMatchObject({ files: ["1.csv", "3.csv"], datasets: [{ name: "orders" }] });
});
