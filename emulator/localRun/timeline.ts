import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../contract/runs.js";
import { alignedRows, columnWidths, gap } from "../alignedRows.js";
import { durationText } from "./durationText.js";
import { failureTexts } from "./failureTexts.js";

const widestBar = 24;
const leastBar = 8;
const leastName = 6;

export interface TimelineForm {
  /** Whether the clock of the run was a real one; else the first line says so. */
  readonly isWatch?: boolean;
  /** The widest a line about an activity may be; undefined where nothing shows it at a width. */
  readonly columns?: number | undefined;
}

/**
 * A run as lines of text: each activity run with its state, duration, attempt and a bar to scale, then the variables. A
 * narrow terminal leaves out the types, then the bars, and cuts names at last.
 */
export function timelineLines(
  run: PipelineRun,
  activityRuns: readonly ActivityRun[],
  definition: JsonObject,
  variables: JsonObject,
  { isWatch = true, columns = Number.POSITIVE_INFINITY }: TimelineForm = {},
): readonly string[] {
  const depths = depthsOf(definition);
  const failures = failureTexts(run, activityRuns);
  const table = activityRuns.map((activityRun) => cellsOf(activityRun, run, depths));
  const { rows, barColumns } = fitted(table, columns);
  const [statusColumns = 0] = columnWidths(table);
  return [
    `${run.pipelineName}: ${run.status} in ${durationText(run.durationInMs ?? 0)}${isWatch ? "" : " of emulated time"}`,
    ...rows.flatMap((row, index) => {
      const activityRun = activityRuns[index];
      const drawn = activityRun && barColumns > 0 ? bar(run, activityRun, barColumns) : "";
      const failure = failures.activities[index] ?? "";
      return [
        `${gap}${row}${gap}${drawn}`.trimEnd(),
        ...(failure === "" ? [] : [`${gap}${" ".repeat(statusColumns)}${gap}${failure}`]),
      ];
    }),
    ...(run.message === "" ? [] : [failures.run]),
    ...Object.entries(variables).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
  ];
}

type Cells = readonly [status: string, name: string, type: string, duration: string];

function cellsOf(activityRun: ActivityRun, run: PipelineRun, depths: ReadonlyMap<string, number>): Cells {
  const { activityName, activityType, status, retryAttempt, pipelineName, pipelineRunId, durationInMs } = activityRun;
  const indent = "  ".repeat(depths.get(activityName) ?? 0);
  const name = pipelineRunId === run.runId ? activityName : `${pipelineName} › ${activityName}`;
  const attempt = retryAttempt === null ? "" : ` (attempt ${retryAttempt + 1})`;
  return [status, `${indent}${name}`, activityType, `${durationText(durationInMs ?? 0)}${attempt}`];
}

/** The cells as rows that fit, and the columns that are left for bars: 0 where there is no room for any. */
function fitted(table: readonly Cells[], columns: number): { readonly rows: string[]; readonly barColumns: number } {
  const short = table.map(([status, name, , duration]) => [status, name, duration]);
  const shortest = table.map(([status, name]) => [status, name]);
  const roomBeside = (rows: readonly (readonly string[])[]) =>
    columnWidths(rows).reduce((room, width) => room - gap.length - width, columns);
  const cutName = (rows: readonly (readonly string[])[]) => (columnWidths(rows)[1] ?? 0) + roomBeside(rows);
  const withBars = [table, short].find((rows) => roomBeside(rows) >= gap.length + leastBar);
  const shown = withBars ?? (roomBeside(short) >= 0 || cutName(short) >= leastName ? short : shortest);
  const room = roomBeside(shown);
  const widths = columnWidths(shown).map((width, column) =>
    column === 1 && room < 0 ? Math.max(leastName, width + room) : width,
  );
  return { rows: alignedRows(shown, widths), barColumns: withBars ? Math.min(widestBar, room - gap.length) : 0 };
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
function bar(run: PipelineRun, { activityRunStart, durationInMs }: ActivityRun, columns: number): string {
  const total = run.durationInMs ?? 0;
  if (total === 0) return "";
  const offset = Date.parse(activityRunStart) - Date.parse(run.runStart ?? activityRunStart);
  const cells = (milliseconds: number) => Math.round((milliseconds / total) * columns);
  const start = Math.min(cells(offset), columns - 1);
  return `${" ".repeat(start)}${"█".repeat(Math.max(1, Math.min(cells(durationInMs ?? 0), columns - start)))}`;
}
