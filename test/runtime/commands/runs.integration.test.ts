import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../contract/json.js";
import { runsDocument } from "../../../runtime/commands/documents.js";
import { columnsOf } from "../../../runtime/terminal/text.js";
import type { ServerScript } from "../helpers/synapseServer.js";
import { typeCommand } from "../helpers/typeCommand.js";

const statuses = ["Succeeded", "Failed", "InProgress", "Cancelled", "Queued"];

/** Runs of the workspace, newest first. */
function someRuns(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    runId: `${String(index).padStart(8, "0")}-0000-4000-8000-000000000001`,
    runGroupId: "",
    pipelineName: index === 1 ? "データ取込" : "batch-scoring",
    status: statuses[index % statuses.length] ?? "",
    runStart: index % statuses.length === 4 ? null : "2024-05-01T07:58:00.0000000Z",
    runEnd: null,
    durationInMs: index % statuses.length < 2 ? 61_000 : null,
    invokedBy: { id: "i", name: "nightly", invokedByType: "ScheduleTrigger" },
    message: "",
  }));
}

/** Serves them page by page. */
function serving(runs: readonly JsonObject[], pageSize = 100): { script: ServerScript; bodies: JsonObject[] } {
  const bodies: JsonObject[] = [];
  const before: ServerScript["before"] = ({ request, answer, body }) => {
    if (!request.url?.startsWith("/queryPipelineRuns")) return false;
    const asked = body as Record<string, Json> as JsonObject;
    bodies.push(asked);
    const offset = Number(asked.continuationToken ?? 0);
    const next = offset + pageSize < runs.length ? { continuationToken: String(offset + pageSize) } : {};
    answer(200, { value: runs.slice(offset, offset + pageSize), ...next });
    return true;
  };
  return { script: { before }, bodies };
}

describe("runs", () => {
  it.each([
    [80, 24],
    [120, 40],
    [59, 24],
    [40, 24],
  ])("is a table, newest first, at %ix%i", async (columns, rows) => {
    const { recorded } = await typeCommand(serving(someRuns(5)).script, ["runs"], {
      isTerminal: true,
      columns,
      rows,
      environment: { NO_COLOR: "1" },
    });
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out.split("\n")).toMatchSnapshot();
  });

  it.each([59, 40, 30])(
    "shows id, state and pipeline of each run in %i columns, and no line is longer",
    async (columns) => {
      const { recorded } = await typeCommand(serving(someRuns(2)).script, ["runs"], { isTerminal: true, columns });
      const lines = stripVTControlCharacters(recorded.out).trimEnd().split("\n");
      expect(lines).toHaveLength(4);
      expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
      expect(lines[0]).toContain("✓ 00000000-0000-4000");
      expect(lines[1]).toMatch(/^ {2}Succeeded +05-01/);
      if (columns >= 40)
        expect([lines[0], lines[1]?.includes("batch")]).toEqual([expect.stringContaining("-000000000001"), true]);
    },
  );

  it("asks the service for the newest first, filtered by status, pipeline and the window of the last update", async () => {
    const { script, bodies } = serving([]);
    const filters = ["--status", "failed", "--status", "InProgress", "--pipeline", "a", "--pipeline", "b"];
    const typed = ["runs", ...filters, "--since", "2h", "--until", "2024-05-01T07:30Z"];
    const { recorded } = await typeCommand(script, typed);
    expect(bodies[0]).toEqual({
      lastUpdatedAfter: "2024-05-01T06:00:00.000Z",
      lastUpdatedBefore: "2024-05-01T07:30:00.000Z",
      filters: [
        { operand: "Status", operator: "In", values: ["Failed", "InProgress"] },
        { operand: "PipelineName", operator: "In", values: ["a", "b"] },
      ],
      orderBy: [{ orderBy: "RunStart", order: "DESC" }],
    });
    expect([recorded.exitCode, recorded.out]).toEqual([0, ""]);
    expect(recorded.err).toContain("no runs in ws1 that fit");
  });

  it("follows continuation tokens to the end with --top 0, and no further than it must with --top", async () => {
    const all = serving(someRuns(250));
    const { recorded } = await typeCommand(all.script, ["runs", "--top", "0", "--json"]);
    const document = JSON.parse(recorded.out) as { runs: unknown[]; more: boolean };
    expect([document.runs.length, document.more, all.bodies.length]).toEqual([250, false, 3]);
    const some = serving(someRuns(250));
    const first = await typeCommand(some.script, ["runs", "--top", "100"]);
    expect(first.recorded.out.trim().split("\n")).toHaveLength(101);
    expect(first.recorded.err).toContain("there are more: --top 500, or --top 0 for all");
    expect(some.bodies).toHaveLength(2);
  });

  it("is one document with --json", async () => {
    const { recorded } = await typeCommand(serving(someRuns(1)).script, ["runs", "--json"]);
    expect(runsDocument.parse(JSON.parse(recorded.out))).toEqual({
      workspace: "ws1",
      more: false,
      runs: [
        {
          runId: "00000000-0000-4000-8000-000000000001",
          pipeline: "batch-scoring",
          status: "Succeeded",
          start: "2024-05-01T07:58:00.0000000Z",
          end: null,
          durationMs: 61_000,
          invokedBy: "nightly",
          message: "",
        },
      ],
    });
  });

  it.each([
    [["--status", "succeded"], "--status succeded is no status of a run: did you mean Succeeded?"],
    [["--since", "yesterday"], "Write it like 2h, 7d or 2024-05-01T08:00Z."],
    [["--top", "many"], "Write a whole number, 0 for all."],
  ])("%j is a wrong call: exit code 2, nothing is sent", async (typed, reason) => {
    const { recorded, server } = await typeCommand({}, ["runs", ...typed]);
    expect([recorded.exitCode, server.requests]).toEqual([2, []]);
    expect(recorded.err).toContain(reason);
  });
});
