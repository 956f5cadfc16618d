import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exitCodes, ProgramError } from "../../../contract/errors.js";
import type { FaultRule } from "../../../emulator/platform/faults/faultRule.js";
import { type Caller, openCaller } from "../../helpers/deployedEmulator.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { startProvisionedEmulator } from "../../helpers/provisioned.js";
import type { TestEmulator } from "../../helpers/testEmulator.js";
import { commandAgainst } from "../helpers/commandAgainst.js";
import { keyedParameters, keylessParameters, listRuns, publishPipelines } from "./startPipelines.js";

const createRun = "/pipelines/*/createRun";
const lookUps = { host: "*.dev.azuresynapse.net", path: "*pipelineruns*" };

let emulator: TestEmulator;
let caller: Caller;
let wished: FaultRule[] = [];

beforeAll(async () => {
  emulator = await startProvisionedEmulator();
  await publishPipelines(emulator);
  caller = openCaller(emulator);
});

afterEach(() => emulator.faults.clear());

afterAll(async () => {
  await caller.close();
  await emulator.close();
});

/** Types `trigger --detach` and these words; tells how it ended and what the service's own list has more than before. */
async function trigger(
  words: readonly string[] = [],
  options: {
    readonly clock?: ManualClock;
    readonly keyless?: boolean;
    readonly signal?: AbortSignal;
    readonly during?: () => Promise<void>;
  } = {},
) {
  const clock = options.clock ?? newClock();
  const pipelineName = options.keyless ? "keyless" : "batch-scoring";
  const pipelineParameters = options.keyless ? keylessParameters : keyedParameters;
  const before = (await listRuns(caller, pipelineName)).length;
  for (const rule of wished) emulator.faults.add(rule);
  wished = [];
  const typed = commandAgainst(emulator.environmentFor("deployer"), ["trigger", "--detach", ...words], {
    clock,
    outputs: { pipelineName, pipelineParameters },
    ...(options.signal && { context: { signal: options.signal } }),
  });
  await options.during?.();
  const { exitCode, out, err } = await typed;
  const faults = emulator.faults.list().map(({ applied, effects }) => [applied, effects]);
  emulator.faults.clear();
  const runs = await listRuns(caller, pipelineName);
  const runId = /^run (\S+) of /m.exec(out)?.[1];
  return { exitCode, out, err, clock, faults, runId, started: runs.slice(before) };
}

const newClock = () => new ManualClock({ jumps: true, start: new Date().toISOString() });

/** How long a command has paused between its looks, in milliseconds. */
function lookedMs({ sleeps }: ManualClock): number {
  return sleeps.filter((pause) => pause < 60_000).reduce((sum, pause) => sum + pause, 0);
}

/** What is to go wrong with the next trigger. */
function fault(rule: FaultRule): void {
  wished.push(rule);
}

/** Waits until the first fault has struck, or until the service has carried out what it struck. */
async function untilOnce(count: "applied" | "effects"): Promise<void> {
  while (emulator.faults.list()[0]?.[count] !== 1) await new Promise((resolve) => setImmediate(resolve));
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

describe("--idempotency-key", () => {
  it("makes two calls one run", async () => {
    const first = await trigger(["--idempotency-key", "twice"]);
    const second = await trigger(["--idempotency-key", "twice"]);
    expect([first.exitCode, second.exitCode, first.started.length, second.started.length]).toEqual([0, 0, 1, 0]);
    expect(second.out).toContain(`run ${first.runId} of batch-scoring in provisioned was started before: following it`);
  });

  it("makes two calls at the same time one run", async () => {
    emulator.faults.add({ kind: "latency", delayMs: 30, path: createRun });
    const typed = ["trigger", "--detach", "--idempotency-key", "together"];
    const environment = emulator.environmentFor("deployer");
    const outputs = { pipelineParameters: keyedParameters };
    const ends = await Promise.all(
      [1, 2, 3].map(() => commandAgainst(environment, typed, { clock: newClock(), outputs })),
    );
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(emulator.faults.list()[0]?.applied).toBe(1);
    const runs = (await listRuns(caller)).filter(({ parameters }) => parameters["correlationId"] === "together");
    expect(runs.length).toBe(1);
    for (const { out } of ends) expect(out).toContain(`run ${runs[0]?.runId} of batch-scoring`);
  });

  it("makes two runs of two keys", async () => {
    const { started } = await trigger(["--idempotency-key", "one"]);
    const other = await trigger(["--idempotency-key", "other"]);
    expect([started.length, other.started.length]).toEqual([1, 1]);
  });

  it("refuses to pass a run with other parameters off as the one: exit code 2, nothing is started", async () => {
    const first = await trigger(["--idempotency-key", "same", "--param", "pollSeconds=5"]);
    const same = await trigger(["--idempotency-key", "same", "--param", "pollSeconds=5"]);
    const other = await trigger(["--idempotency-key", "same", "--param", "pollSeconds=6"]);
    expect([same.exitCode, other.exitCode, other.started]).toEqual([0, 2, []]);
    expect(other.err).toContain(
      `the key same belongs to run ${first.runId}, which was started with other values of pollSeconds`,
    );
  });

  it("starts nothing while the look-up before it fails: exit code 3", async () => {
    fault({ kind: "unavailable", ...lookUps });
    const { exitCode, err, started } = await trigger(["--idempotency-key", "unseen"]);
    expect([exitCode, started]).toEqual([3, []]);
    expect(err).toContain("503 ServiceUnavailable from GET");
  });

  it("is refused where the pipeline has no parameter that could keep it: exit code 2", async () => {
    const { exitCode, err, started } = await trigger(["--idempotency-key", "k"], { keyless: true });
    expect([exitCode, started]).toEqual([2, []]);
    expect(err).toContain("--idempotency-key: the pipeline keyless has no parameter named correlationId");
  });
});

describe("a pipeline without a parameter for the correlation id", () => {
  it("finds the run whose answer was lost by the id that it asked for", async () => {
    fault({ kind: "reset", after: true, path: createRun });
    const { exitCode, runId, started } = await trigger([], { keyless: true });
    expect(exitCode).toBe(0);
    expect(started.map((run) => run.runId)).toEqual([runId]);
  });

  it("sends again what the service has turned away: one run", async () => {
    fault({ kind: "unavailable", path: createRun, count: 1 });
    const { exitCode, started } = await trigger([], { keyless: true });
    expect([exitCode, started.length]).toEqual([0, 1]);
  });
});
