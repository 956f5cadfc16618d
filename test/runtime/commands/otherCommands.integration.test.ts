import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../contract/clock.js";
import { exitCodes, ProgramError } from "../../../contract/errors.js";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { scoresDocument } from "../../../runtime/commands/documents.js";
import { registerRuntimeCommands } from "../../../runtime/commands/register.js";
import { runProgram } from "../../../runtime/commands/runProgram.js";
import { testContext } from "../helpers/commandContext.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { activity, type ServerScript, startSynapseServer } from "../helpers/synapseServer.js";

async function run(script: ServerScript, typed: readonly string[], overrides: Partial<CommandContext> = {}) {
  const server = await startSynapseServer(script);
  const directory = await mkdtemp(path.join(os.tmpdir(), "commands-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = path.join(directory, "outputs.json");
  await writeFile(file, JSON.stringify(sampleOutputs(server.url)));
  const { context, recorded } = testContext({
    directory,
    environment: { STACK_OUTPUTS: file, NO_COLOR: "1" },
    ...overrides,
  });
  const program = new Command("synapse-batch");
  registerRuntimeCommands(program, context);
  await runProgram(program, typed, context);
  return { server, recorded, directory };
}

/** Started through a wrapper. */
const wrapped = { environment: { SYNAPSE_BATCH_PREFIX: "npm run wrap -- exec" } };

/** Of more than one range. */
const bigScores = () =>
  Array.from(
    { length: 120_000 },
    (_, index) => `${index + 1} "2019-03-04 16:11:55" Midtown "Upper West Side" 0.79 5.0 4.00\n`,
  ).join("");

const predictions =
  '2 "2019-03-23 20:21:09" "Lenox Hill West" Saké 1.6 7.0 7.5\n1 "2019-03-04 16:11:55" Midtown "Upper West Side" 0.79 5.0 4.0\n';

describe("scores", () => {
  it("downloads the run's file with a storage token and prints rows, first lines and the error", async () => {
    const seen: Record<string, unknown> = {};
    const { recorded, server } = await run(
      {
        scores: ({ request, answer }) => {
          Object.assign(seen, { url: request.url, ...request.headers });
          answer(200, predictions);
        },
      },
      ["scores", "run-1"],
    );
    expect(recorded.exitCode).toBe(0);
    expect(seen).toMatchObject({
      url: "/store/scores/run-1/predictions.csv",
      authorization: "Bearer token-for-https://storage.azure.com",
      "x-ms-version": "2023-11-03",
    });
    expect(recorded.out.replace(server.url, "<server>").split("\n")).toEqual([
      "2 rows scored: <server>/store/scores/run-1/predictions.csv",
      "row  pickup               fare   predicted  from             to",
      "1    2019-03-04 16:11:55  $5.00  $4.00      Midtown          Upper West Side",
      "2    2019-03-23 20:21:09  $7.00  $7.50      Lenox Hill West  Saké",
      "predicted fares: $4.00 to $7.50, median $5.75, mean $5.75",
      `  $4.00 to $4.50  1  ${"█".repeat(58)}`,
      "  $4.50 to $5.00  0",
      "  $5.00 to $5.50  0",
      "  $5.50 to $6.00  0",
      "  $6.00 to $6.50  0",
      "  $6.50 to $7.00  0",
      `  $7.00 to $7.50  1  ${"█".repeat(58)}`,
      "error against the known fares: $0.75 on average, $0.79 root mean square",
      "",
    ]);
  });

  it("shows fare and prediction in a window of 80 columns, whatever the zones are called", async () => {
    const zones = '"Flushing Meadows-Corona Park" "Washington Heights South, the long way round"';
    const { recorded } = await run(
      { scores: ({ answer }) => answer(200, `1 "2019-03-03 22:21:18" ${zones} 1.6 33.5 32.3\n`) },
      ["scores", "run-1"],
      { isTerminal: true, columns: 80 },
    );
    expect(recorded.out).toContain("$33.50  $32.30");
  });

  it("has no error line where no fare is known", async () => {
    const { recorded } = await run({ scores: ({ answer }) => answer(200, "1 a b c 1  4.0\n") }, ["scores", "run-1"]);
    expect(recorded.out).toContain("1 row scored");
    expect(recorded.out).not.toContain("error");
  });

  it("says how many rows have a known fare where not all have", async () => {
    const { recorded } = await run({ scores: ({ answer }) => answer(200, "1 a b c 1  4.0\n2 a b c 1 5 4\n") }, [
      "scores",
      "r",
    ]);
    expect(recorded.out).toContain("$1.00 on average, $1.00 root mean square (known for 1 of 2 rows)");
  });

  it("is one document with --json", async () => {
    const { recorded, server } = await run({ scores: ({ answer }) => answer(200, predictions) }, [
      "scores",
      "run-1",
      "--json",
    ]);
    const document = scoresDocument.parse(JSON.parse(recorded.out));
    expect(document).toMatchObject({
      runId: "run-1",
      url: `${server.url}/store/scores/run-1/predictions.csv`,
      rows: 2,
      known: 2,
      meanAbsoluteError: 0.75,
      predicted: { least: 4, median: 5.75, mean: 5.75, most: 7.5 },
    });
    expect(document.histogram[0]).toEqual({ from: 4, to: 4.5, count: 1 });
    expect(document.first[0]?.dropoff_zone).toBe("Upper West Side");
  });

  const byRanges: ServerScript["scores"] = ({ request, answer }) => {
    const [, from = 0, to = 0] = (/bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? []).map(Number);
    if (from > 0 && request.headers["if-match"] !== '"0x8DB"') return answer(412, "");
    const whole = bigScores();
    const range = `bytes ${from}-${Math.min(to, whole.length - 1)}/${whole.length}`;
    return answer(206, whole.slice(from, to + 1), { "content-range": range, etag: '"0x8DB"' });
  };

  it("come in ranges of one version of the file, and are kept as they are with --out and as CSV with --csv", async () => {
    const typed = ["scores", "run-1", "--out", "scores.txt", "--csv", "scores.csv"];
    const { recorded, server, directory } = await run({ scores: byRanges }, typed);
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toContain("120000 rows scored");
    expect(server.requests.filter((one) => one.endsWith("predictions.csv"))).toHaveLength(2);
    expect(recorded.err).toBe("saved to scores.txt\nsaved to scores.csv\n");
    expect(await readFile(path.join(directory, "scores.txt"), "utf8")).toBe(bigScores());
    const csv = (await readFile(path.join(directory, "scores.csv"), "utf8")).split("\n");
    expect(csv.slice(0, 2)).toEqual([
      "row,pickup,pickup_zone,dropoff_zone,distance,fare,predicted_fare",
      "1,2019-03-04 16:11:55,Midtown,Upper West Side,0.79,5.0,4.00",
    ]);
    expect(csv).toHaveLength(120_002);
  });

  it("that change while they are read are not mixed up: exit code 3", async () => {
    let asked = 0;
    const changing: ServerScript["scores"] = (exchange) => {
      asked += 1;
      return asked === 1 ? byRanges(exchange) : exchange.answer(412, "");
    };
    const { recorded, directory } = await run({ scores: changing }, ["scores", "run-1", "--out", "half.txt"]);
    expect(recorded.exitCode).toBe(3);
    expect(recorded.err).toContain("the scores of run run-1 were written while they were read");
    expect(existsSync(path.join(directory, "half.txt"))).toBe(false);
  });

  it("of an empty file are none", async () => {
    const { recorded } = await run({ scores: ({ answer }) => answer(416, "") }, ["scores", "run-1"]);
    expect([recorded.exitCode, recorded.out]).toEqual([0, expect.stringMatching(/^0 rows scored: /)]);
  });

  it.each([
    [["--out", "a", "--csv", "a"], "--out and --csv name the same file: a"],
    [["--out", "no/such/folder.csv"], "--out no/such/folder.csv cannot be written: ENOENT"],
    [["--csv", "no/such/folder.csv"], "--csv no/such/folder.csv cannot be written: ENOENT"],
  ])("with %j are a wrong call, with a way out", async (options, reason) => {
    const { recorded } = await run({ scores: ({ answer }) => answer(200, predictions) }, ["scores", "r", ...options]);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain(reason);
    expect(recorded.err).toContain("how to solve: ");
  });

  it("of a run that has none: the line to the run goes through the wrapper, on the same stack", async () => {
    const { recorded } = await run(
      { scores: ({ answer }) => answer(404) },
      ["scores", "run-9", "--outputs", "outputs.json"],
      wrapped,
    );
    expect(recorded.err).toContain("succeeded: npm run wrap -- exec npm run monitor -- run-9 --outputs outputs.json\n");
  });

  it("of a run that has none ends with 2 and the storage service's sentence", async () => {
    const body =
      '<?xml version="1.0"?><Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.</Message></Error>';
    const { recorded } = await run({ scores: ({ answer }) => answer(404, body) }, ["scores", "run-9"]);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("run run-9 has no scores: 404 BlobNotFound");
    expect(recorded.err).toContain("The specified blob does not exist.");
  });
});

/** This identity gets no token for Resource Manager. */
const withoutResourceManager: Partial<CommandContext> = {
  tokens: {
    token: async (audience) => {
      if (audience.includes("management")) throw new ProgramError(exitCodes.unavailable, "no token");
      return `token-for-${audience}`;
    },
  },
};

/** A run whose activity has invoked a batch endpoint. */
const scoredRun: ServerScript = {
  before: ({ request, answer }) => {
    const deployment =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/batchEndpoints/taxi/deployments/m-2";
    if (request.url?.startsWith("/pipelineruns/run-1?")) {
      answer(200, { runId: "run-1", pipelineName: "p", status: "Succeeded", runStart: "2024-05-01T08:00:00Z" });
    } else if (request.url?.includes("queryActivityruns")) {
      const output = { id: `${deployment}/jobs/batchjob-1` };
      answer(200, { value: [activity("invoke_batch", "Succeeded", { output })] });
    } else return false;
    return true;
  },
  scores: ({ answer }) => answer(200, predictions),
};

describe("a run that a batch endpoint has answered", () => {
  it("names the deployment at its end, for a person and in JSON", async () => {
    const person = await run(scoredRun, ["monitor", "run-1"]);
    expect(person.recorded.out).toContain("(run-1)\n  scored by deployment m-2\n");
    const machine = await run(scoredRun, ["monitor", "run-1", "--json"]);
    const last = JSON.parse(machine.recorded.out.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ event: "finished", scoredBy: [{ endpoint: "taxi", deployment: "m-2" }] });
  });

  it("has scores by that deployment, also where its model may not be read", async () => {
    const { recorded } = await run(scoredRun, ["scores", "run-1"], withoutResourceManager);
    expect(recorded.out).toContain("\nby deployment m-2 of taxi\n");
    const machine = await run(scoredRun, ["scores", "run-1", "--json"], withoutResourceManager);
    expect(JSON.parse(machine.recorded.out).scoredBy).toEqual({ endpoint: "taxi", deployment: "m-2", model: null });
  });
});

describe("monitor", () => {
  const script: ServerScript = {
    before: ({ request, answer }) => {
      if (request.url?.startsWith("/pipelineruns/run-7?") !== true) return false;
      answer(200, { runId: "run-7", pipelineName: "other", status: "Succeeded", durationInMs: 1000 });
      return true;
    },
  };

  it("follows a run by its id, of whatever pipeline, and ends as the run does", async () => {
    const { recorded, server } = await run(
      {
        before: (exchange) => {
          if (script.before?.(exchange)) return true;
          if (exchange.request.url?.includes("queryActivityruns") !== true) return false;
          exchange.answer(200, { value: [activity("a", "Succeeded")] });
          return true;
        },
      },
      ["monitor", "run-7"],
    );
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toContain("run Succeeded after 1.0s (run-7)");
    expect(server.requests).toContain("POST /pipelines/other/pipelineruns/run-7/queryActivityruns");
  });

  it("of an unknown run ends with 2", async () => {
    const { recorded } = await run({}, ["monitor", "nope"]);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("there is no run nope in ws1: 404 RunNotFound");
  });

  it("draws in place on a terminal, against the wall clock too, and gives the cursor back", async () => {
    const { recorded } = await run({ ...twoSteps, before: () => false }, ["trigger"], {
      isTerminal: true,
      clock: systemClock(),
    });
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toContain("\u001b[?25l");
    expect(recorded.out.lastIndexOf("\u001b[?25h")).toBeGreaterThan(recorded.out.lastIndexOf("\u001b[?25l"));
    expect(recorded.out).toMatch(/✓ get_secret +Succeeded {5}2\.2s {2}█▋\nrun Succeeded/);
  });
});

const twoSteps: ServerScript = {
  steps: [
    { status: "InProgress", activities: [activity("get_secret", "InProgress")] },
    { status: "Succeeded", activities: [activity("get_secret", "Succeeded")] },
  ],
};

describe("outputs", () => {
  it("never cuts an address, however narrow the window is", async () => {
    const { recorded, server } = await run({}, ["outputs"], { isTerminal: true, columns: 40 });
    const outputs = sampleOutputs(server.url);
    for (const url of [outputs.synapseStudioUrl, outputs.scoresUrl, outputs.scoringUri]) {
      expect(recorded.out).toContain(url);
    }
    expect(recorded.out).not.toContain("…");
  });

  it("are tables for a person: names, addresses, parameters, next lines", async () => {
    const { recorded } = await run({}, ["outputs"]);
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toContain("  Synapse workspace  ws1\n");
    expect(recorded.out).toContain("  Synapse Studio  https://web.azuresynapse.net/monitoring\n");
    expect(recorded.out).toContain("  pollSeconds    Int           default 30\n");
    expect(recorded.out).toContain("Next\n  npm run trigger\n");
  });

  it("have next lines that go through the wrapper", async () => {
    const { recorded } = await run({}, ["outputs", "--outputs", "outputs.json"], wrapped);
    expect(recorded.out).toContain("Next\n  npm run wrap -- exec npm run trigger\n");
  });

  it("are the object itself with --json", async () => {
    const { recorded, server } = await run({}, ["outputs", "--json"]);
    expect(JSON.parse(recorded.out)).toEqual(sampleOutputs(server.url));
  });
});

describe("the command line", () => {
  it.each([
    [["trigger", "--no-such-option"]],
    [["trigger", "--timeout", "soon"]],
    [["scores"]],
    [["trigger", "--outputs", "a", "--stack", "b"]],
    [["trigger", "--workspace", "a", "--stack", "b"]],
    [["monitor"]],
    [["trigger", "--on-timeout", "wait"]],
    [["no-such-command"]],
    [[]],
  ])("%j is a wrong call: exit code 2, nothing is sent", async (typed) => {
    const { recorded, server } = await run({}, typed);
    expect([recorded.exitCode, server.requests]).toEqual([2, []]);
    expect(recorded.err).not.toBe("");
  });

  it.each([
    [["trigger", "--idempotency-key", ""], "is a variable not set?"],
    [["trigger", "--timeout", "5"], "Write it like 90s, 10m or 2h."],
    [
      ["trigger", "--idempotency-key", "a", "--param", "correlationId=b"],
      "two names are given for one start: --idempotency-key a and the parameter correlationId=b",
    ],
  ])("%j is refused with the reason, and nothing is sent", async (typed, reason) => {
    const { recorded, server } = await run({}, typed);
    expect([recorded.exitCode, server.requests]).toEqual([2, []]);
    expect(recorded.err).toContain(reason);
  });

  it("takes the same key twice", async () => {
    const typed = ["trigger", "--detach", "--idempotency-key", "a", "--param", "correlationId=a"];
    expect((await run({}, typed)).recorded.exitCode).toBe(0);
  });

  it("has examples that go through the wrapper", async () => {
    const { recorded } = await run({}, ["trigger", "--help"], wrapped);
    expect(recorded.out).toContain("parameters: npm run wrap -- exec npm run outputs\n");
    expect(recorded.out).toContain("\n  npm run wrap -- exec npm run trigger -- --param");
  });

  it("has help with examples, which needs no stack and no network", async () => {
    for (const name of ["trigger", "monitor", "runs", "cancel", "scores", "outputs"]) {
      const { recorded, server } = await run({}, [name, "--help"], { environment: {} });
      expect([recorded.exitCode, server.requests]).toEqual([0, []]);
      expect(recorded.out).toContain(`Examples:\n  npm run`);
    }
  });

  it("shows the deployed pipeline's parameters and defaults in the help of trigger", async () => {
    const { recorded } = await run({}, ["trigger", "--help"]);
    expect(recorded.out).toContain("Parameters of the deployed pipeline:\n");
    expect(recorded.out).toContain("  pollSeconds    Int           default 30\n");
  });

  it("prints the cause and both ways to a stack where there is none", async () => {
    const { recorded } = await run({}, ["trigger"], { environment: {} });
    expect(recorded.exitCode).toBe(2);
    expect(recorded.out).toBe("");
    expect(recorded.err).toContain("error: no deployed stack found");
    expect(recorded.err).toMatch(/how to solve: [\s\S]*pulumi up[\s\S]*npm start/);
  });
});
