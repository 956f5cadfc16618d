import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ActivityRun } from "../../contract/runs.js";
import { runCli } from "../helpers/cli.js";

const repository = path.join(import.meta.dirname, "repository");
const stub = ["--http", path.join(import.meta.dirname, "stub.json"), "--clock", "virtual"];
const home = mkdtempSync(path.join(tmpdir(), "run-"));
const run = (...words: string[]) => runCli(["emulator", "run", ...words], { SYNAPSE_BATCH_HOME: home });
const named = ["--pipeline", "nightly", "--param", "region=eu"];

describe("emulator run", () => {
  it("runs a pipeline of a git folder and prints its timeline and variables: hours take no time", async () => {
    const { code, stdout, stderr } = await run(repository, ...named, ...stub);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toBe("nightly: Succeeded in 2 h 1 min of emulated time");
    expect(stdout).toMatch(
      /Failed +List +WebActivity +0.0 s +█\n +busy\n +Succeeded +List +WebActivity +0.0 s \(attempt 2\)/,
    );
    expect(stdout).toMatch(/Succeeded {4}Pause +Wait +1 h 0 min +█{12}/);
    expect(stdout).toMatch(/cleanUp › Sweep/);
    expect(stdout).toContain('done = ["a","b"]\n');
  });

  it("--json prints run, activityRuns, variables and requests, without a token", async () => {
    const { stdout } = await run(repository, ...named, ...stub, "--json");
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(["run", "activityRuns", "variables", "requests"]);
    expect(result.run).toMatchObject({ pipelineName: "nightly", parameters: { region: "eu", limit: "2" } });
    expect(result.variables).toEqual({ done: ["a", "b"] });
    expect(result.requests).toMatchObject([
      { method: "GET", url: "https://api.example/eu/items", headers: { Authorization: "***" }, status: 503 },
      { status: 200 },
    ]);
    expect(stdout).not.toContain("stub-token");
  });

  it("--trigger starts it as the trigger does, with the trigger's parameters", async () => {
    // the pipeline is the only one that the trigger starts
    const words = ["--trigger", "everyNight", "--json"];
    const { run: record, variables } = JSON.parse((await run(repository, ...words, ...stub)).stdout);
    expect(record.invokedBy).toMatchObject({ name: "everyNight", invokedByType: "ScheduleTrigger" });
    expect(variables).toEqual({ done: ["a"] });
  });

  it("fails the activity, by name, whose request nothing matches: exit code 1", async () => {
    const { code, stdout, stderr } = await run(
      path.join(repository, "pipeline/nightly.json"),
      "--param",
      "region=eu",
      "--clock",
      "virtual",
    );
    expect(code).toBe(1);
    expect(stdout).toContain("\nOperation on target List failed.\n");
    expect(stdout.split("No stub answers GET https://api.example/eu/items")).toHaveLength(2);
    // it had no answers at all
    expect(stderr).toMatch(/--http <stub\.json>.*--live/);
  });

  it("--live sends real requests, and --record writes a file by which the run can be repeated", async () => {
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "application/json").end('{"items":["x"],"access_token":"s3cret-s3cret"}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const file = path.join(home, "hello.json");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const web = { name: "Get", type: "WebActivity", typeProperties: { url, method: "GET" } };
    writeFileSync(file, JSON.stringify({ name: "hello", properties: { activities: [web] } }));
    const recorded = path.join(home, "recorded.json");
    const live = await run(file, "--live", "--record", recorded, "--clock", "virtual");
    expect(live).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(recorded, "utf8")).not.toContain("s3cret");
    const again = JSON.parse((await run(file, "--http", recorded, "--json")).stdout);
    const [activityRun] = again.activityRuns as ActivityRun[];
    expect(activityRun?.output).toMatchObject({ items: ["x"] });
  });

  it("--live signs in as the surrounding identity, and a virtual clock stands still meanwhile", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      const token = { access_token: "t0ken", expires_on: "4102444800", resource: "r", token_type: "Bearer" };
      response.setHeader("content-type", "application/json").end(JSON.stringify(token));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const authentication = { type: "MSI", resource: "https://management.azure.com/" };
    const typeProperties = { url, method: "GET", authentication };
    const web = { name: "Get", type: "WebActivity", typeProperties };
    const file = path.join(home, "signedIn.json");
    writeFileSync(file, JSON.stringify({ name: "signedIn", properties: { activities: [web] } }));
    const surrounding = { SYNAPSE_BATCH_HOME: home, IDENTITY_ENDPOINT: url, IDENTITY_HEADER: "h" };
    const words = ["emulator", "run", file, "--live", "--clock", "virtual"];
    const { code, stdout } = await runCli(words, surrounding);
    expect({ code, first: stdout.split("\n")[0] }).toEqual({
      code: 0,
      first: "signedIn: Succeeded in 0.0 s of emulated time",
    });
    expect(seen.at(-1)).toBe("Bearer t0ken");
  });

  it("--time-scale runs the clock faster", async () => {
    const file = path.join(repository, "pipeline/cleanUp.json");
    const { code, stdout } = await run(file, "--time-scale", "600");
    expect({ code, first: stdout.split("\n")[0] }).toMatchObject({
      code: 0,
      first: /^cleanUp: Succeeded in (1 min|6\d).* of emulated time$/,
    });
  });

  it.each([
    [[repository, "--pipeline", "nightli"], "Did you mean nightly?"],
    [[repository], "Name it with --pipeline"],
    [[repository, "--pipeline", "nightly"], "region (String) has no default"],
    [
      [repository, "--pipeline", "nightly", "--param", "limit=x", "--param", "region=eu"],
      "limit must be a whole number",
    ],
    [[repository, "--pipeline", "cleanUp", "--trigger", "everyNight"], "does not start 'cleanUp'"],
    [["/nowhere.json"], "/nowhere.json cannot be used: there is no such file or folder\nhow to solve: Name one"],
    [
      [repository, ...named, ...stub, "--record", "/nowhere/s.json"],
      "there is no folder /nowhere to write to.\nhow to solve: Make it",
    ],
    [
      [repository, ...named, ...stub, "--record", path.join(import.meta.dirname, "stub.json", "s.json")],
      "s.json cannot be written: ENOTDIR",
    ],
  ])("is a wrong call with %j: exit code 2, nothing was run", async (words, message) => {
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
