import { describe, expect, it } from "vitest";
import { systemClock } from "../../../contract/clock.js";
import { runCommand, wrapped } from "../helpers/runCommand.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { activity, type ServerScript } from "../helpers/synapseServer.js";

describe("monitor", () => {
  const script: ServerScript = {
    before: ({ request, answer }) => {
      if (request.url?.startsWith("/pipelineruns/run-7?") !== true) return false;
      answer(200, { runId: "run-7", pipelineName: "other", status: "Succeeded", durationInMs: 1000 });
      return true;
    },
  };

  it("follows a run by its id, of whatever pipeline, and ends as the run does", async () => {
    const { recorded, server } = await runCommand(
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
    const { recorded } = await runCommand({}, ["monitor", "nope"]);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("there is no run nope in ws1: 404 RunNotFound");
  });

  it("draws in place on a terminal, against the wall clock too, and gives the cursor back", async () => {
    const { recorded } = await runCommand({ ...twoSteps, before: () => false }, ["trigger"], {
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
    const { recorded, server } = await runCommand({}, ["outputs"], { isTerminal: true, columns: 40 });
    const outputs = sampleOutputs(server.url);
    for (const url of [outputs.synapseStudioUrl, outputs.scoresUrl, outputs.scoringUri]) {
      expect(recorded.out).toContain(url);
    }
    expect(recorded.out).not.toContain("…");
  });

  it("are tables for a person: names, addresses, parameters, next lines", async () => {
    const { recorded } = await runCommand({}, ["outputs"]);
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toContain("  Synapse workspace  ws1\n");
    expect(recorded.out).toContain("  Synapse Studio  https://web.azuresynapse.net/monitoring\n");
    expect(recorded.out).toContain("  pollSeconds    Int           default 30\n");
    expect(recorded.out).toContain("Next\n  npm run trigger\n");
  });

  it("have next lines that go through the wrapper", async () => {
    const { recorded } = await runCommand({}, ["outputs", "--outputs", "outputs.json"], wrapped);
    expect(recorded.out).toContain("Next\n  npm run wrap -- exec npm run trigger\n");
  });

  it("are the object itself with --json", async () => {
    const { recorded, server } = await runCommand({}, ["outputs", "--json"]);
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
    const { recorded, server } = await runCommand({}, typed);
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
    const { recorded, server } = await runCommand({}, typed);
    expect([recorded.exitCode, server.requests]).toEqual([2, []]);
    expect(recorded.err).toContain(reason);
  });

  it("takes the same key twice", async () => {
    const typed = ["trigger", "--detach", "--idempotency-key", "a", "--param", "correlationId=a"];
    expect((await runCommand({}, typed)).recorded.exitCode).toBe(0);
  });

  it("has examples that go through the wrapper", async () => {
    const { recorded } = await runCommand({}, ["trigger", "--help"], wrapped);
    expect(recorded.out).toContain("parameters: npm run wrap -- exec npm run outputs\n");
    expect(recorded.out).toContain("\n  npm run wrap -- exec npm run trigger -- --param");
  });

  it("has help with examples, which needs no stack and no network", async () => {
    for (const name of ["trigger", "monitor", "runs", "cancel", "scores", "outputs"]) {
      const { recorded, server } = await runCommand({}, [name, "--help"], { environment: {} });
      expect([recorded.exitCode, server.requests]).toEqual([0, []]);
      expect(recorded.out).toContain(`Examples:\n  npm run`);
    }
  });

  it("shows the deployed pipeline's parameters and defaults in the help of trigger", async () => {
    const { recorded } = await runCommand({}, ["trigger", "--help"]);
    expect(recorded.out).toContain("Parameters of the deployed pipeline:\n");
    expect(recorded.out).toContain("  pollSeconds    Int           default 30\n");
  });

  it("prints the cause and both ways to a stack where there is none", async () => {
    const { recorded } = await runCommand({}, ["trigger"], { environment: {} });
    expect(recorded.exitCode).toBe(2);
    expect(recorded.out).toBe("");
    expect(recorded.err).toContain("error: no deployed stack found");
    expect(recorded.err).toMatch(/how to solve: [\s\S]*pulumi up[\s\S]*npm start/);
  });
});
