import { describe, expect, it } from "vitest";
import { exitCodes, ProgramError } from "../../../contract/errors.js";
import type { ManualClock } from "../../helpers/manualClock.js";
import { createRun, faultyStarts, lookUps, newClock } from "./faultyStarts.js";

const { trigger, fault, untilOnce } = faultyStarts();

/** How long a command has paused between its looks, in milliseconds. */
function lookedMs({ sleeps }: ManualClock): number {
  return sleeps.filter((pause) => pause < 60_000).reduce((sum, pause) => sum + pause, 0);
}

describe("a start whose answer is lost after the effect: the run is looked up, and nothing is sent again", () => {
  it.each([
    ["the connection is reset", { kind: "reset", after: true }],
    ["half of the body comes", { kind: "half-body" }],
    ["500", { kind: "error", after: true }],
    ["503", { kind: "unavailable", after: true }],
  ] as const)("%s: exit code 0 with the run's id, one run", async (_what, rule) => {
    fault({ ...rule, path: createRun });
    const { exitCode, err, runId, faults, started } = await trigger();
    expect([exitCode, err]).toEqual([0, ""]);
    expect(faults).toEqual([[1, 1]]);
    expect(started.map((run) => run.runId)).toEqual([runId]);
  });

  it("no answer within the deadline: exit code 0 with the run's id, one run", async () => {
    fault({ kind: "latency", delayMs: 600_000, after: true, path: createRun });
    const clock = newClock();
    const during = async () => {
      await untilOnce("effects");
      await clock.advance(60_000);
    };
    const { exitCode, runId, faults, started } = await trigger([], { clock, during });
    expect([exitCode, faults]).toEqual([0, [[1, 1]]]);
    expect(started.map((run) => run.runId)).toEqual([runId]);
  });
});

describe("a start that went wrong before the effect", () => {
  it("503: looked for until the service's index has caught up, then sent again: exit code 0, one run", async () => {
    fault({ kind: "unavailable", path: createRun, count: 1 });
    const { exitCode, err, runId, faults, started, clock } = await trigger();
    expect([exitCode, faults]).toEqual([0, [[1, 0]]]);
    expect(started.map((run) => run.runId)).toEqual([runId]);
    expect(err).toMatch(
      /^the answer to the start was lost, looking for the run with the correlation id \S+ for 15 s: 503 Serv/m,
    );
    expect(lookedMs(clock)).toBeGreaterThanOrEqual(15_000);
  });

  it.each([
    ["the connection is reset", { kind: "reset" }, "provisioned.dev.azuresynapse.net is not reachable"],
    ["500", { kind: "error" }, "500 InternalServerError from POST "],
  ] as const)(
    "%s: it could still take effect, so it is looked for and not sent again: exit code 6; the printed key starts one run",
    async (_what, rule, reason) => {
      fault({ ...rule, path: createRun });
      const lost = await trigger();
      expect([lost.exitCode, lost.faults, lost.started]).toEqual([6, [[1, 0]], []]);
      expect(lost.err).toMatch(/^the answer to the start was lost, looking for the run with .* for 15 s: /m);
      expect(lost.err).toContain(` for 15 s: ${reason}`);
      expect(lookedMs(lost.clock)).toBeGreaterThanOrEqual(15_000);
      const key = /--idempotency-key (\S+):/.exec(lost.err)?.[1] ?? "";
      const again = await trigger(["--idempotency-key", key]);
      expect([again.exitCode, again.started.map((run) => run.runId)]).toEqual([0, [again.runId]]);
    },
  );

  it("503 with Retry-After: not sent again before that", async () => {
    fault({ kind: "unavailable", retryAfterSeconds: 50, path: createRun, count: 1 });
    const clock = newClock();
    const begun = clock.now().getTime();
    const { exitCode, started } = await trigger([], { clock });
    expect([exitCode, started.length]).toEqual([0, 1]);
    expect(clock.now().getTime() - begun).toBeGreaterThanOrEqual(50_000);
  });

  it("429: sent again after Retry-After, without a look-up: exit code 0, one run", async () => {
    fault({ kind: "throttle", retryAfterSeconds: 7, path: createRun, count: 1 });
    fault({ kind: "error", ...lookUps });
    const { exitCode, err, faults, started, clock } = await trigger();
    expect([exitCode, err]).toEqual([0, ""]);
    expect(faults).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(started.length).toBe(1);
    expect(clock.sleeps).toContain(7_000);
  });

  it("429 again and again: exit code 3, nothing was started", async () => {
    fault({ kind: "throttle", retryAfterSeconds: 1, path: createRun });
    const { exitCode, err, started } = await trigger();
    expect([exitCode, started]).toEqual([3, []]);
    expect(err).toContain("error: 429 TooManyRequests from POST https://provisioned.dev.azuresynapse.net/pipelines/");
  });

  it("a token that has expired: refreshed once, exit code 0, one run", async () => {
    fault({ kind: "expired-token", path: createRun, count: 1 });
    const { exitCode, err, faults, started } = await trigger();
    expect([exitCode, err, faults, started.length]).toEqual([0, "", [[1, 0]], 1]);
  });

  it("a token that is refused again: exit code 3 with the service's sentence, nothing was started", async () => {
    fault({ kind: "expired-token", path: createRun });
    const { exitCode, err, faults, started } = await trigger();
    expect([exitCode, faults, started]).toEqual([3, [[2, 0]], []]);
    expect(err).toContain("401 ExpiredAuthenticationToken");
    expect(err).toContain("how to solve: sign in again");
  });
});

describe("a start of which nobody can say what became of it ends with code 6", () => {
  it("no answer within the deadline and no run: the service may still be at it, so it is not sent again", async () => {
    fault({ kind: "latency", delayMs: 600_000, path: createRun });
    const clock = newClock();
    const during = async () => {
      await untilOnce("applied");
      await clock.advance(60_000);
    };
    const { exitCode, err, faults, started } = await trigger(["--idempotency-key", "timed-out"], { clock, during });
    expect([exitCode, faults, started]).toEqual([6, [[1, 0]], []]);
    expect(err).toContain(
      "error: it is not known whether a run was started: provisioned.dev.azuresynapse.net is not reachable: no answer within 60 s",
    );
    expect(err).toContain(
      "how to solve: repeat the call with --idempotency-key timed-out: it finds the run if there is one",
    );
    expect((await trigger(["--idempotency-key", "timed-out"])).started.length).toBe(1);
  });

  it("every sending is turned away: three times in all, each after a look-up", async () => {
    fault({ kind: "unavailable", path: createRun });
    const { exitCode, faults, started, err } = await trigger();
    expect([exitCode, faults, started]).toEqual([6, [[3, 0]], []]);
    const again = "the start was sent again and turned away again, looking for the run for 15 s more\n";
    expect(err.split(again)).toHaveLength(3);
    // once as it happens, once as the cause
    expect(err.split("503 ServiceUnavailable from POST ")).toHaveLength(3);
    expect(err).toMatch(/whether a run was started: 503 Serv.* \(3 times\)\n/);
  });

  it("Ctrl-C while the run is looked for: it is looked for to the end, and not sent again", async () => {
    fault({ kind: "unavailable", path: createRun });
    const interruption = new AbortController();
    const during = async () => {
      await untilOnce("applied");
      interruption.abort(new ProgramError(exitCodes.interrupted, "interrupted"));
    };
    const { exitCode, faults, started, err } = await trigger([], { signal: interruption.signal, during });
    expect([exitCode, faults, started]).toEqual([6, [[1, 0]], []]);
    expect(err).toContain("it is not known whether a run was started");
  });

  it("the look-ups keep failing: the run is there, both causes are told, and the printed key finds it", async () => {
    fault({ kind: "reset", after: true, path: createRun });
    fault({ kind: "unavailable", ...lookUps });
    const lost = await trigger();
    expect([lost.exitCode, lost.started.length]).toEqual([6, 1]);
    expect(lost.err).toMatch(/not reachable: .*; then: 503 ServiceUnavailable from (GET|POST)/);
    const key = /--idempotency-key (\S+):/.exec(lost.err)?.[1] ?? "";
    const again = await trigger(["--idempotency-key", key]);
    expect([again.exitCode, again.started, again.runId]).toEqual([0, [], lost.started[0]?.runId]);
  });

  it("but not where the look-ups work again: exit code 0, one run", async () => {
    fault({ kind: "reset", after: true, path: createRun });
    fault({ kind: "unavailable", ...lookUps, count: 12 });
    const { exitCode, faults, runId, started } = await trigger();
    expect([exitCode, faults[1]]).toEqual([0, [12, 0]]);
    expect(started.map((run) => run.runId)).toEqual([runId]);
  });
});
