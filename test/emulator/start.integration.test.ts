import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { openDirectory } from "../../emulator/platform/directory.js";
import type { ChildResult } from "../helpers/childProcess.js";
import { processesNaming, runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

// a whole start takes some seconds: everything is deployed, run and scored for real
const folder = testStateFolder();
const home = { SYNAPSE_BATCH_HOME: folder.path };
let first: ChildResult;

beforeAll(async () => {
  first = await runCli(["start", "--offline"], home);
}, 120_000);

const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe("npm start on an empty state folder", () => {
  it("ends with exit code 0 and a Succeeded run", () => {
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(new RegExp(`run Succeeded after .* \\(${guid.source}\\)`));
  });

  it("prints each step as it happens: emulator, resources, activities, job", () => {
    const order = ["emulator  started at http://127.0.0.1:", "created  synapse  Workspace", "deployed in"];
    expect(order.map((text) => first.stderr.indexOf(text))).toEqual(ascending);
    const lineOf = (activity: string) => first.stdout.search(new RegExp(`${activity} +(InProgress|Succeeded)`));
    // whether a poll meets a container before what is inside it is chance
    for (const inside of ["check_job", "wait_for_job"]) {
      const activities = ["clientid", "scoring_token", "invoke_batch", inside, "job_outcome"];
      expect(activities.map(lineOf)).toEqual(ascending);
    }
  });

  it("then shows the stack's outputs, the scores' rows, first lines and error, and the next commands", () => {
    expect(first.stdout).toContain("Synapse workspace  synw-");
    expect(first.stdout).toMatch(/2500 rows scored: https:\/\/\w+\.blob\.core\.windows\.net\//);
    expect(first.stdout).toMatch(/^row +pickup +fare +predicted +from +to$/m);
    expect(first.stdout).toMatch(/error against the known fares: \$\d\.\d\d on average/);
    expect(first.stderr).toContain("npm run emulator -- exec npm run trigger");
  });

  it("prints what the README shows", () => {
    const readme = readFileSync(path.resolve(import.meta.dirname, "../../README.md"), "utf8");
    const capture = readme.slice(readme.indexOf("```text\n") + 8, readme.indexOf("<!-- end of capture -->"));
    const printed = new Set(`${first.stdout}\n${first.stderr}`.split("\n").map(withoutChance));
    const missing = capture
      .slice(0, capture.lastIndexOf("```"))
      .split("\n")
      // which states a poll meets is chance, the job's too, and cut lines are not whole
      .filter((line) => !/InProgress|Set jobStatus|…|^ {2}created|state in/.test(line))
      .filter((line) => !printed.has(withoutChance(line)));
    expect(missing).toEqual([]);
  });

  it("leaves no process", () => {
    expect(processesNaming(folder.path)).toEqual([]);
  });

  it("leaves no secret of the run in any output or state file", () => {
    const store = folder.openStore();
    const directory = openDirectory(store, randomIds);
    const secrets = directory.all().flatMap(({ appId }) => directory.secretOf(appId) ?? []);
    const accountKeys = store.all("SELECT sealed_keys FROM storage_account_keys");
    secrets.push(...accountKeys.flatMap((row) => store.unseal(String(row["sealed_keys"])).split(" ")));
    store.close();
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    const places = new Map<string, string>([
      ["stdout", first.stdout],
      ["stderr", first.stderr],
    ]);
    for (const entry of readdirSync(folder.path, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile()) places.set(file, readFileSync(file, "latin1"));
    }
    const found = [...places].filter(
      ([, content]) =>
        secrets.some((secret) => content.includes(secret)) || /eyJ[\w-]{10,}\.eyJ[\w-]+\.[\w-]+/.test(content),
    );
    expect(found.map(([place]) => place)).toEqual([]);
  });
});

/** A line without ids, random versions, times and the widths that follow from them. */
function withoutChance(line: string): string {
  return line
    .replace(new RegExp(guid.source, "g"), "<guid>")
    .replace(/(?<=model taxi-fare:)[0-9a-f]{8}/, "<version>")
    .replace(/\d+(\.\d+)?/g, "#")
    .replace(/\s+/g, " ");
}

describe("after npm start", () => {
  it("a second npm start deploys nothing new", async () => {
    const second = await runCli(["start", "--offline"], home);
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toMatch(/deployed in .*: nothing to do, \d+ unchanged$/m);
  }, 60_000);

  it("a plain npm run trigger, which finds no stack, names the way to the one on this machine", async () => {
    const { code, stderr } = await runCli(["trigger"], { ...home, PATH: "" });
    expect(code).toBe(2);
    expect(stderr).toContain("npm run emulator -- exec npm run trigger");
  });

  it("npm run emulator -- exec npm run trigger works", async () => {
    const triggered = await runCli(["emulator", "exec", "npm", "run", "-s", "trigger"], home);
    expect(triggered.code, triggered.stderr).toBe(0);
    expect(triggered.stdout).toContain("run Succeeded");
  }, 60_000);
});

const ascending = {
  asymmetricMatch: (values: readonly number[]) =>
    values.every((value, index) => value >= 0 && (index === 0 || value > (values[index - 1] ?? 0))),
  toString: () => "each found, one after the other",
};
