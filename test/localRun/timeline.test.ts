import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { readArtifacts } from "../../emulator/localRun/artifacts.js";
import { stubSchema } from "../../emulator/localRun/stubHttp.js";
import { timelineLines } from "../../emulator/localRun/timeline.js";
import { runPipeline } from "../../emulator/testing.js";
import stub from "../../samples/pipelines/stub.json" with { type: "json" };

const { run, activityRuns, variables } = await runPipeline("samples/pipelines", {
  pipeline: "nightly",
  http: stubSchema.parse(stub),
});
const definition = (await readArtifacts("samples/pipelines")).pipelines.get("nightly") ?? {};
const linesOn = (columns?: number) => timelineLines(run, activityRuns, definition, variables, { columns });
const rowsOn = (columns?: number) => linesOn(columns).filter((line) => /^ {2}\S/.test(line));

describe("a timeline", () => {
  it.each([24, 30, 40, 50, 62, 63, 75, 80, 95, 120])("fits the columns of a terminal of %i", (columns) => {
    const rows = rowsOn(columns);
    expect(rows).toHaveLength(activityRuns.length);
    expect(rows.filter((row) => stringWidth(row) > columns)).toEqual([]);
  });

  it("leaves out types first, bars next, then cuts names, and keeps all where nothing shows it at a width", () => {
    const shownOn = (columns?: number) => {
      const text = rowsOn(columns).join("\n");
      return { types: text.includes("WebActivity"), bars: text.includes("█"), names: !text.includes("…") };
    };
    expect(shownOn()).toEqual({ types: true, bars: true, names: true });
    expect(shownOn(80)).toEqual({ types: false, bars: true, names: true });
    expect(shownOn(62)).toEqual({ types: false, bars: false, names: true });
    expect(shownOn(50)).toEqual({ types: false, bars: false, names: false });
  });

  it("of a run without activities is its first line", () => {
    expect(timelineLines({ ...run, message: "" }, [], {}, {}, { columns: 50 })).toHaveLength(1);
  });
});
