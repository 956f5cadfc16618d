import { describe, expect, it } from "vitest";
import { exitCodes, ProgramError } from "../../../contract/errors.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { forbidden, typeCommand as run, twoActivities } from "../helpers/typeCommand.js";

describe("the start of a run", () => {
  it("ends with 3 and the service's sentence when the start is refused; nothing was started", async () => {
    const { recorded, server } = await run(
      { createRun: ({ answer }) => answer(403, { error: { code: "Unauthorized", message: forbidden } }) },
      ["trigger"],
    );
    expect(recorded.exitCode).toBe(3);
    expect(recorded.err).toContain(
      `403 Unauthorized from POST ${server.url}/pipelines/batch-scoring/createRun: ${forbidden}`,
    );
    expect(recorded.err).toContain("how to solve: give this identity the role");
    expect(server.requests).toEqual(["POST /pipelines/batch-scoring/createRun"]);
  });

  it("ends with 2 when the pipeline does not exist (bare error body)", async () => {
    const { recorded } = await run(
      {
        createRun: ({ answer }) => answer(404, { code: "PipelineNotFound", message: "The Pipeline p9 was not found" }),
      },
      ["trigger"],
    );
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("404 PipelineNotFound");
    expect(recorded.err).toContain("The Pipeline p9 was not found");
  });

  it("finds the run again whose answer was lost, and does not start it twice", async () => {
    const { recorded, server, starts } = await run(
      {
        ...twoActivities,
        createRun: ({ response }, start) => {
          start();
          response.destroy();
        },
      },
      ["trigger"],
    );
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toContain("run run-1 of batch-scoring");
    expect([starts, server.runs.length]).toEqual([1, 1]);
  });

  it("treats an answer that is not Synapse's, and a 500, as a start that may have happened", async () => {
    for (const [status, body] of [
      [202, "<html>sign in</html>"],
      [500, { error: { code: "InternalServerError", message: "sorry" } }],
    ] as const) {
      const { recorded, starts } = await run(
        {
          ...twoActivities,
          createRun: ({ answer }, start) => {
            start();
            answer(status, body);
          },
        },
        ["trigger"],
      );
      expect([recorded.exitCode, starts]).toEqual([0, 1]);
    }
  });

  it("ends with 6 and the line that finds the run later when the answer was lost and no run can be found", async () => {
    const { recorded, starts } = await run({ createRun: ({ response }) => response.destroy() }, ["trigger"]);
    expect([recorded.exitCode, starts]).toEqual([6, 1]);
    expect(recorded.err).toContain("it is not known whether a run was started");
    expect(recorded.err).toContain("--idempotency-key 00000000-0000-4000-8000-000000000001");
  });

  it("follows the run of an earlier call with the same correlation id instead of starting another", async () => {
    let asked = 0;
    const { recorded, starts } = await run(
      {
        ...twoActivities,
        before: ({ request, answer }) => {
          if (request.url?.startsWith("/queryPipelineRuns") !== true) return false;
          asked += 1;
          answer(200, {
            value: [
              {
                runId: "run-0",
                pipelineName: "batch-scoring",
                status: "InProgress",
                parameters: { correlationId: "nightly" },
              },
            ],
          });
          return true;
        },
      },
      ["trigger", "--idempotency-key", "nightly", "--detach"],
    );
    expect([recorded.exitCode, starts, asked]).toEqual([0, 0, 1]);
    expect(recorded.out).toContain("run run-0 of batch-scoring in ws1 was started before: following it");
  });

  it("sends a start that was throttled again after Retry-After", async () => {
    let calls = 0;
    const clock = new ManualClock({ jumps: true });
    const { recorded, server } = await run(
      {
        createRun: ({ answer }, start) =>
          ++calls === 1
            ? answer(429, { error: { code: "TooManyRequests", message: "slow down" } }, { "retry-after": "7" })
            : answer(202, { runId: start() }),
      },
      ["trigger"],
      { clock },
    );
    expect([recorded.exitCode, server.runs.length]).toEqual([0, 1]);
    expect(clock.sleeps).toContain(7000);
  });

  it("keeps the id of a run whose start was still on the way at Ctrl-C", async () => {
    const interruption = new AbortController();
    const { recorded } = await run(
      {
        steps: [{ status: "InProgress" }],
        createRun: ({ answer }, start) => {
          interruption.abort(new Error("interrupted"));
          answer(202, { runId: start() });
        },
      },
      ["trigger"],
      { signal: interruption.signal },
    );
    expect(recorded.exitCode).toBe(130);
    expect(recorded.out).toContain("detached by Ctrl-C: run run-1 goes on");
  });

  it("starts nothing at a Ctrl-C while it looks for an earlier run", async () => {
    const interruption = new AbortController();
    const { starts, recorded } = await run(
      {
        before: ({ request, answer }) => {
          if (request.url?.startsWith("/queryPipelineRuns") !== true) return false;
          interruption.abort(new ProgramError(exitCodes.interrupted, "interrupted"));
          answer(200, { value: [] });
          return true;
        },
      },
      ["trigger", "--idempotency-key", "c-1"],
      { signal: interruption.signal },
    );
    expect([starts, recorded.exitCode]).toEqual([0, 130]);
  });

  it("starts nothing at a Ctrl-C during the sign-in", async () => {
    const interruption = new AbortController();
    const tokens = {
      token: async () => {
        interruption.abort(new ProgramError(exitCodes.interrupted, "interrupted"));
        return "t0ken";
      },
    };
    const { starts, recorded } = await run({}, ["trigger"], { signal: interruption.signal, tokens });
    expect([starts, recorded.exitCode]).toEqual([0, 130]);
  });
});
