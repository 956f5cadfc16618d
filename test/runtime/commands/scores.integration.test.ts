import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { exitCodes, ProgramError } from "../../../contract/errors.js";
import type { JsonObject } from "../../../contract/json.js";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { scoresDocument } from "../../../runtime/commands/documents.js";
import { runCommand, wrapped } from "../helpers/runCommand.js";
import { activity, type ServerScript } from "../helpers/synapseServer.js";

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
    const { recorded, server } = await runCommand(
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
    const { recorded } = await runCommand(
      { scores: ({ answer }) => answer(200, `1 "2019-03-03 22:21:18" ${zones} 1.6 33.5 32.3\n`) },
      ["scores", "run-1"],
      { isTerminal: true, columns: 80 },
    );
    expect(recorded.out).toContain("$33.50  $32.30");
  });

  it("has no error line where no fare is known", async () => {
    const { recorded } = await runCommand({ scores: ({ answer }) => answer(200, "1 a b c 1  4.0\n") }, [
      "scores",
      "run-1",
    ]);
    expect(recorded.out).toContain("1 row scored");
    expect(recorded.out).not.toContain("error");
  });

  it("says how many rows have a known fare where not all have", async () => {
    const { recorded } = await runCommand({ scores: ({ answer }) => answer(200, "1 a b c 1  4.0\n2 a b c 1 5 4\n") }, [
      "scores",
      "r",
    ]);
    expect(recorded.out).toContain("$1.00 on average, $1.00 root mean square (known for 1 of 2 rows)");
  });

  it("is one document with --json", async () => {
    const { recorded, server } = await runCommand({ scores: ({ answer }) => answer(200, predictions) }, [
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
    const { recorded, server, directory } = await runCommand({ scores: byRanges }, typed);
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
    const { recorded, directory } = await runCommand({ scores: changing }, ["scores", "run-1", "--out", "half.txt"]);
    expect(recorded.exitCode).toBe(3);
    expect(recorded.err).toContain("the scores of run run-1 were written while they were read");
    expect(existsSync(path.join(directory, "half.txt"))).toBe(false);
  });

  it.each([
    ["no Content-Range", 206, {}],
    ["another place", 206, { "content-range": "bytes 5-9/900" }],
    ["no size of the whole", 206, { "content-range": `bytes 0-${predictions.length - 1}/*` }],
  ])(
    "that come as a piece with %s are refused, for they may not be all: exit code 3",
    async (_what, status, headers) => {
      const typed = ["scores", "run-1", "--out", "half.txt"];
      const { recorded, directory } = await runCommand(
        { scores: ({ answer }) => answer(status, predictions, headers) },
        typed,
      );
      expect(recorded.exitCode).toBe(3);
      expect(recorded.err).toMatch(
        /the scores of run run-1 cannot be put together: .* from byte 0 on and answered 206 with /,
      );
      expect(recorded.err).toContain("how to solve: ");
      expect(existsSync(path.join(directory, "half.txt"))).toBe(false);
    },
  );

  it("of which a later piece comes as a whole file are refused: exit code 3", async () => {
    let asked = 0;
    const forgetful: ServerScript["scores"] = (exchange) => {
      asked += 1;
      return asked === 1 ? byRanges(exchange) : exchange.answer(200, bigScores());
    };
    const { recorded } = await runCommand({ scores: forgetful }, ["scores", "run-1"]);
    expect(recorded.exitCode).toBe(3);
    expect(recorded.err).toContain("answered 200 with no Content-Range");
  });

  it("of an empty file are none", async () => {
    const { recorded } = await runCommand({ scores: ({ answer }) => answer(416, "") }, ["scores", "run-1"]);
    expect([recorded.exitCode, recorded.out]).toEqual([0, expect.stringMatching(/^0 rows scored: /)]);
  });

  it.each([
    [["--out", "a", "--csv", "a"], "--out and --csv name the same file: a"],
    [["--out", "a", "--csv", "./a"], "--out and --csv name the same file: a"],
    [["--out", "no/such/folder.csv"], "--out no/such/folder.csv cannot be written: ENOENT"],
    [["--csv", "no/such/folder.csv"], "--csv no/such/folder.csv cannot be written: ENOENT"],
  ])("with %j are a wrong call, with a way out", async (options, reason) => {
    const { recorded } = await runCommand({ scores: ({ answer }) => answer(200, predictions) }, [
      "scores",
      "r",
      ...options,
    ]);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain(reason);
    expect(recorded.err).toContain("how to solve: ");
  });

  it("of a run that has none: the line to the run goes through the wrapper, on the same stack", async () => {
    const { recorded } = await runCommand(
      { scores: ({ answer }) => answer(404) },
      ["scores", "run-9", "--outputs", "outputs.json"],
      wrapped,
    );
    expect(recorded.err).toContain("succeeded: npm run wrap -- exec npm run monitor -- run-9 --outputs outputs.json\n");
  });

  it("of a run that has none ends with 2 and the storage service's sentence", async () => {
    const body =
      '<?xml version="1.0"?><Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.</Message></Error>';
    const { recorded } = await runCommand({ scores: ({ answer }) => answer(404, body) }, ["scores", "run-9"]);
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

const workspaceId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

/** A batch endpoint's answer to an activity: the job of a deployment, and the path that it writes to, where that is told. */
function invoked(deployment: string, file: string | undefined) {
  const uri = `azureml:/${workspaceId}/datastores/store/paths/${file}`;
  const outputData = file === undefined ? {} : { score: { jobOutputType: "UriFile", uri } };
  const id = `${workspaceId}/batchEndpoints/taxi/deployments/${deployment}/jobs/of-${deployment}`;
  return activity(`invoke_${deployment}`, "Succeeded", {
    activityRunId: deployment,
    output: { id, properties: { outputData } },
  });
}

const ownFile = "scores/run-1/predictions.csv";

/** A run whose activities have invoked a batch endpoint. */
const scoredBy = (...answers: readonly JsonObject[]): ServerScript => ({
  before: ({ request, answer }) => {
    if (request.url?.startsWith("/pipelineruns/run-1?")) {
      answer(200, { runId: "run-1", pipelineName: "p", status: "Succeeded", runStart: "2024-05-01T08:00:00Z" });
    } else if (request.url?.includes("queryActivityruns")) {
      answer(200, { value: [...answers] });
    } else return false;
    return true;
  },
  scores: ({ answer }) => answer(200, predictions),
});

const scoredRun = scoredBy(invoked("m-2", ownFile));

describe("a run that a batch endpoint has answered", () => {
  it("names the deployment at its end, for a person and in JSON", async () => {
    const person = await runCommand(scoredRun, ["monitor", "run-1"]);
    expect(person.recorded.out).toContain("(run-1)\n  scored by deployment m-2\n");
    const machine = await runCommand(scoredRun, ["monitor", "run-1", "--json"]);
    const last = JSON.parse(machine.recorded.out.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ event: "finished", scoredBy: [{ endpoint: "taxi", deployment: "m-2" }] });
  });

  it("has scores by that deployment, also where its model may not be read", async () => {
    const { recorded } = await runCommand(scoredRun, ["scores", "run-1"], withoutResourceManager);
    expect(recorded.out).toContain("\nby deployment m-2 of taxi\n");
    const machine = await runCommand(scoredRun, ["scores", "run-1", "--json"], withoutResourceManager);
    expect(JSON.parse(machine.recorded.out).scoredBy).toEqual([{ endpoint: "taxi", deployment: "m-2", model: null }]);
  });

  it.each([
    ["all that were told to write to the file", [invoked("a", ownFile), invoked("b", ownFile)], ["a", "b"]],
    ["none that was told to write to another one", [invoked("a", "other.csv"), invoked("b", ownFile)], ["b"]],
    ["none where no answer tells", [invoked("a", undefined), invoked("b", "other.csv")], undefined],
  ])("has of several deployments named %s", async (_what, answers, names) => {
    const typed = ["scores", "run-1"];
    const machine = await runCommand(scoredBy(...answers), [...typed, "--json"], withoutResourceManager);
    const document = scoresDocument.parse(JSON.parse(machine.recorded.out));
    expect(document.scoredBy?.map(({ deployment }) => deployment)).toEqual(names);
    const person = await runCommand(scoredBy(...answers), typed, withoutResourceManager);
    const lines = (names ?? []).map((name) => `by deployment ${name} of taxi`);
    expect(person.recorded.out.split("\n").filter((line) => line.startsWith("by "))).toEqual(lines);
  });
});
