import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../contract/runs.js";

const barWidth = 24;

/**
 * A run as lines of text: each activity run with its state, duration, attempt and a bar to scale, then the variables. Where the
 * clock of the run was not a real one (`isWatch` is false), the first line says so.
 */
export function timelineLines(
  run: PipelineRun,
  activityRuns: readonly ActivityRun[],
  definition: JsonObject,
  variables: JsonObject,
  { isWatch = true }: { readonly isWatch?: boolean } = {},
): readonly string[] {
  const depths = depthsOf(definition);
  const rows = activityRuns.map((activityRun) => {
    const { activityName, activityType, status, retryAttempt, error } = activityRun;
    const indent = "  ".repeat(depths.get(activityName) ?? 0);
    const name =
      activityRun.pipelineRunId === run.runId ? activityName : `${activityRun.pipelineName} › ${activityName}`;
    const attempt = retryAttempt === null ? "" : ` (attempt ${retryAttempt + 1})`;
    return {
      cells: [status, `${indent}${name}`, activityType, `${seconds(activityRun.durationInMs)}${attempt}`],
      bar: bar(run, activityRun),
      error: error.message,
    };
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  return [
    `${run.pipelineName}: ${run.status} in ${seconds(run.durationInMs)}${isWatch ? "" : " of emulated time"}`,
    ...rows.flatMap(({ cells, bar: drawn, error }) => [
      `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}  ${drawn}`.trimEnd(),
      ...(error === "" ? [] : [`  ${" ".repeat(widths[0] ?? 0)}  ${error}`]),
    ]),
    ...(run.message === "" ? [] : [run.message]),
    ...Object.entries(variables).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
  ];
}

/** How deep in containers each activity stands, by name. */
function depthsOf(definition: JsonObject): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const visit = (json: Json, depth: number): void => {
    if (Array.isArray(json)) for (const each of json) visit(each, depth);
    if (!isJsonObject(json)) return;
    const isActivity = typeof json["name"] === "string" && typeof json["type"] === "string";
    if (isActivity) depths.set(String(json["name"]), depth);
    for (const each of Object.values(json)) visit(each, isActivity ? depth + 1 : depth);
  };
  visit(definition["activities"] ?? [], 0);
  return depths;
}

/** Where in the run's time the activity run was. */
function bar(run: PipelineRun, { activityRunStart, durationInMs }: ActivityRun): string {
  const total = run.durationInMs ?? 0;
  if (total === 0) return "";
  const offset = Date.parse(activityRunStart) - Date.parse(run.runStart ?? activityRunStart);
  const cells = (milliseconds: number) => Math.round((milliseconds / total) * barWidth);
  const start = Math.min(cells(offset), barWidth - 1);
  return `${" ".repeat(start)}${"█".repeat(Math.max(1, Math.min(cells(durationInMs ?? 0), barWidth - start)))}`;
}

function seconds(milliseconds: number | null): string {
  const value = (milliseconds ?? 0) / 1000;
  if (value < 60) return `${value.toFixed(1)} s`;
  const [hours, minutes, rest] = [Math.floor(value / 3600), Math.floor(value / 60) % 60, Math.floor(value % 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`;
}
