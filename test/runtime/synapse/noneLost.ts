import { expect } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import type { PipelineRun } from "../../../contract/runs.js";
import type { ManyStarts } from "./manyStarts.js";

/**
 * Counts on the service's own list. A run is lost when the service has it and its call ended neither with its id nor with
 * code 6; it is doubled when one correlation id has two runs.
 */
export function expectNoneLostNoneDoubled({ ends, repeated, runs, runsAtLast }: ManyStarts): void {
  const runIds = runsByCorrelationId(runs);
  const lost = ends.filter(({ correlationId, runId, exitCode }) => {
    const [made] = runIds.get(correlationId) ?? [];
    return runId === undefined ? made !== undefined && exitCode !== exitCodes.unknown : made !== runId;
  });
  expect(lost, "lost").toEqual([]);
  const atLast = runsByCorrelationId(runsAtLast);
  expect(
    [...atLast].filter(([, ids]) => ids.length > 1),
    "doubled",
  ).toEqual([]);
  expect(
    repeated.filter(({ runId }) => runId === undefined),
    "not started by the same call without faults",
  ).toEqual([]);
  expect(atLast.size, "runs").toBe(ends.length);
}

/** Compares with what the service has counted: the chance of seeds may be off by three standard deviations. */
export function expectFaultyRequests({ ends, requests, faultsApplied }: ManyStarts, share: number): void {
  expect(requests, "requests").toBeGreaterThan(ends.length);
  const deviation = Math.sqrt((share * (1 - share)) / requests);
  expect(Math.abs(faultsApplied / requests - share), "off by").toBeLessThan(3 * deviation);
}

function runsByCorrelationId(runs: readonly PipelineRun[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { runId, parameters } of runs) {
    const key = parameters["correlationId"] ?? "";
    found.set(key, [...(found.get(key) ?? []), runId]);
  }
  return found;
}
