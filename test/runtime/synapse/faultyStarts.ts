import { afterAll, afterEach, beforeAll } from "vitest";
import type { PipelineRun } from "../../../contract/runs.js";
import type { FaultRule } from "../../../emulator/platform/faults/faultRule.js";
import { type Caller, openCaller } from "../../helpers/deployedEmulator.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { startProvisionedEmulator } from "../../helpers/provisioned.js";
import type { TestEmulator } from "../../helpers/testEmulator.js";
import { commandAgainst } from "../helpers/commandAgainst.js";
import { keyedParameters, keylessParameters, listRuns, publishPipelines } from "./startPipelines.js";

export const createRun = "/pipelines/*/createRun";
export const lookUps = { host: "*.dev.azuresynapse.net", path: "*pipelineruns*" };

export const newClock = () => new ManualClock({ jumps: true, start: new Date().toISOString() });

/** One emulator for all tests of a file, whose service goes wrong as each test wishes. */
export function faultyStarts() {
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

  return {
    trigger,
    /** What is to go wrong with the next trigger. */
    fault: (rule: FaultRule) => void wished.push(rule),
    /** Waits until the first fault has struck, or until the service has carried out what it struck. */
    async untilOnce(count: "applied" | "effects"): Promise<void> {
      while (emulator.faults.list()[0]?.[count] !== 1) await new Promise((resolve) => setImmediate(resolve));
    },
    emulator: () => emulator,
    runs: (): Promise<readonly PipelineRun[]> => listRuns(caller),
  };
}
