import { describe, expect, it } from "vitest";
import { commandAgainst } from "../helpers/commandAgainst.js";
import { createRun, faultyStarts, lookUps, newClock } from "./faultyStarts.js";
import { keyedParameters } from "./startPipelines.js";

const { trigger, fault, emulator, runs } = faultyStarts();

describe("--idempotency-key", () => {
  it("makes two calls one run", async () => {
    const first = await trigger(["--idempotency-key", "twice"]);
    const second = await trigger(["--idempotency-key", "twice"]);
    expect([first.exitCode, second.exitCode, first.started.length, second.started.length]).toEqual([0, 0, 1, 0]);
    expect(second.out).toContain(`run ${first.runId} of batch-scoring in provisioned was started before: following it`);
  });

  it("makes two calls at the same time one run", async () => {
    emulator().faults.add({ kind: "latency", delayMs: 30, path: createRun });
    const typed = ["trigger", "--detach", "--idempotency-key", "together"];
    const environment = emulator().environmentFor("deployer");
    const outputs = { pipelineParameters: keyedParameters };
    const ends = await Promise.all(
      [1, 2, 3].map(() => commandAgainst(environment, typed, { clock: newClock(), outputs })),
    );
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(emulator().faults.list()[0]?.applied).toBe(1);
    const together = (await runs()).filter(({ parameters }) => parameters["correlationId"] === "together");
    expect(together.length).toBe(1);
    for (const { out } of ends) expect(out).toContain(`run ${together[0]?.runId} of batch-scoring`);
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
