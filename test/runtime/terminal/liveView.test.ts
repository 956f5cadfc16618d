import { describe, expect, it } from "vitest";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { createView } from "../../../runtime/commands/followRuns.js";
import { createTerminal } from "../../../runtime/terminal/terminal.js";
import { columnsOf } from "../../../runtime/terminal/text.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { testContext } from "../helpers/commandContext.js";
import { openView, quiet } from "../helpers/openView.js";
import {
  activityIs,
  at,
  errorSaying,
  eventfulRun,
  finishedAs,
  loopOverItems,
  runIs,
  started,
} from "../helpers/sampleEvents.js";
import { screenOf } from "../helpers/screen.js";

const esc = "\u001b";

async function liveScreen(columns: number, rows: number): Promise<string[]> {
  const { view, recorded, clock } = openView({ isTerminal: true, columns, rows });
  await clock.advance(45_000);
  for (const line of eventfulRun) view.show(line);
  const { lines } = screenOf(recorded.out);
  view.close();
  return lines;
}

/** The screen while several runs of so many activities go on, the first of which has failed. */
async function screenOfRuns(runs: number, activities: number, columns: number, rows: number): Promise<string[]> {
  const { view, recorded, clock } = openView({ isTerminal: true, columns, rows });
  await clock.advance(50_000);
  const ids = Array.from({ length: runs }, (_, index) => `${index + 1}f1e2d3c-0000-4000-8000-000000000001`);
  for (const runId of ids) view.show({ ...started, runId });
  for (const runId of ids) {
    view.show({ ...runIs("InProgress"), runId });
    for (let number = 1; number <= activities; number++) {
      const status = number < activities - 1 ? "Succeeded" : "InProgress";
      view.show({ ...activityIs(`step_${number}`, status, { start: at(number), durationMs: 900 }), runId });
    }
  }
  const [first = ""] = ids;
  view.show({ ...activityIs("step_7", "Failed", { start: at(7), error: errorSaying("gone", 404) }), runId: first });
  view.show({ ...runIs("Failed"), durationMs: 60_000, runId: first });
  view.show({ ...finishedAs("Failed", { exitCode: 1, cause: "step_7 failed: gone" }), runId: first });
  recorded.out = "";
  await clock.advance(11_000);
  const { lines } = screenOf(recorded.out);
  view.close();
  return lines;
}

describe("the live view", () => {
  it("shows one line an activity at 80x24", async () => {
    expect(await liveScreen(80, 24)).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "  ✓ get_client_id        Succeeded     0.4s  ▏",
        "  ! register_dataset     Failed        2.2s  ▌          handled by データ起動,…",
        "  ✓ データ起動           Succeeded     1.0s  █▍         attempt 2",
        "  ● wait_for_job         InProgress   38.0s   ████████",
        "    ✓ get_status         Succeeded     0.3s   ▌     ▌   round 2",
        "    ● pause              InProgress    7.4s   ████████  round 2",
        "InProgress 45.0s  Ctrl-C detaches",
        "",
      ]
    `);
  });

  it("shows one line an activity at 120x40", async () => {
    expect(await liveScreen(120, 40)).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "  ✓ get_client_id        Succeeded     0.4s  ▎",
        "  ! register_dataset     Failed        2.2s  █▍                       handled by データ起動, 404: gone",
        "  ✓ データ起動           Succeeded     1.0s   █▌▋                     attempt 2",
        "  ● wait_for_job         InProgress   38.0s     ████████████████████",
        "    ✓ get_status         Succeeded     0.3s     ▊               ▎     round 2",
        "    ● pause              InProgress    7.4s     ████████████████████  round 2",
        "InProgress 45.0s  Ctrl-C detaches",
        "",
      ]
    `);
  });

  it("leaves out the status word and cuts names where the window is narrow", async () => {
    expect(await liveScreen(32, 24)).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "  ✓ get_client_id          0.4s",
        "  ! register_dataset       2.2s",
        "  ✓ データ起動             1.0s",
        "  ● wait_for_job          38.0s",
        "    ✓ get_status           0.3s",
        "    ● pause                7.4s",
        "InProgress 45.0s",
        "",
      ]
    `);
  });

  it.each([
    [80, 24],
    [120, 40],
    [40, 24],
  ])("nests the activities of a loop under its items and names a child run at %ix%i", async (columns, rows) => {
    const { view, recorded, clock } = openView({ isTerminal: true, columns, rows });
    await clock.advance(6_000);
    for (const line of loopOverItems(started.runId)) view.show(line);
    expect(screenOf(recorded.out).lines.slice(1)).toMatchSnapshot();
    view.close();
  });

  it.each([
    [80, 24],
    [120, 40],
    [40, 24],
  ])("keeps 5 runs of 50 activities readable at %ix%i", async (columns, rows) => {
    const lines = await screenOfRuns(5, 50, columns, rows);
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThan(columns);
    expect(lines).toMatchSnapshot();
  });

  it("shows 50 activities of one run at 80x24: what goes on, what failed, and how many more", async () => {
    const { view, recorded, clock } = openView({ isTerminal: true, columns: 80, rows: 24 });
    await clock.advance(59_000);
    view.show(started);
    view.show(runIs("InProgress"));
    for (let number = 1; number <= 48; number++) {
      view.show(activityIs(`step_${number}`, "Succeeded", { start: at(number), durationMs: 900 }));
    }
    view.show(activityIs("step_3", "Failed", { start: at(3), error: errorSaying("gone", 404) }));
    view.show(activityIs("step_49", "InProgress", { start: at(49) }));
    view.show(activityIs("step_50", "Queued", { start: null }));
    recorded.out = "";
    await clock.advance(1_000);
    const { lines } = screenOf(recorded.out);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines).toMatchSnapshot();
    view.close();
  });

  it("tells a failure that nothing has handled when the run has ended from one that was handled", () => {
    const { view, recorded } = openView({ isTerminal: true });
    view.show(started);
    view.show(activityIs("try", "Failed", { handledBy: "catch", error: errorSaying("gone") }));
    view.show(activityIs("call", "Failed", { handledBy: "never", error: errorSaying("lost") }));
    view.show(activityIs("catch", "Succeeded"));
    view.show(activityIs("never", "Skipped"));
    recorded.out = "";
    view.show(finishedAs("Failed"));
    const lines = screenOf(recorded.out).lines.join("\n");
    expect(lines).toMatch(/! try .*handled by catch/);
    expect(lines).toMatch(/✗ call .*lost/);
  });

  it("draws bars to scale: one of half the run's time is half as long as the run's", async () => {
    const { view, recorded, clock } = openView({ isTerminal: true, columns: 120, rows: 24 });
    await clock.advance(20_000);
    view.show(started);
    view.show(runIs("InProgress"));
    view.show(activityIs("all", "InProgress"));
    view.show(activityIs("second_half", "InProgress", { start: at(10) }));
    const lines = screenOf(recorded.out).lines;
    const barOf = (name: string) => /█+/.exec(lines.findLast((line) => line.includes(name)) ?? "")?.[0].length ?? 0;
    expect(barOf("second_half")).toBeGreaterThan(5);
    expect(Math.abs(barOf("all") - 2 * barOf("second_half"))).toBeLessThanOrEqual(1);
    view.close();
  });

  it("says what Ctrl-C does", () => {
    const { context, recorded } = testContext({ isTerminal: true, clock: new ManualClock(), environment: quiet });
    const view = createView({ onInterrupt: "cancel" }, createTerminal(context), context);
    view.show(started);
    view.show(runIs("InProgress"));
    expect(recorded.out).toContain("Ctrl-C cancels");
    view.close();
  });

  it.each([1, 2, 5, 7, 12, 18, 19, 20, 32, 49, 50, 80, 120])(
    "never writes a line as wide as a window of %i columns",
    async (columns) => {
      const lines = (await liveScreen(columns, 24)).slice(1);
      expect(Math.max(...lines.map(columnsOf))).toBeLessThan(columns);
      const runs = (await screenOfRuns(3, 5, columns, 24)).slice(1);
      expect(Math.max(...runs.map(columnsOf))).toBeLessThan(columns);
    },
  );

  it("shows signs and names where there is no room for durations, and signs alone in a window of 6 columns", async () => {
    const names = (await liveScreen(12, 24)).slice(1, 4);
    expect(names).toEqual(["  ✓ get_cl…", "  ! regist…", "  ✓ データ…"]);
    expect((await liveScreen(6, 24)).slice(1, 4)).toEqual(["✓", "!", "✓"]);
  });

  it("counts what finds no room where the window is low, and keeps the latest", async () => {
    const { view, recorded } = openView({ isTerminal: true, rows: 8 });
    view.show(started);
    for (let number = 1; number <= 50; number++) view.show(activityIs(`step_${number}`, "Succeeded"));
    const { lines } = screenOf(recorded.out);
    expect(lines.slice(1).map((line) => line.trim().split(/ {2,}| Succ/)[0])).toEqual([
      "… 46 more: 46",
      "✓ step_47",
      "✓ step_48",
      "✓ step_49",
      "✓ step_50",
      "Queued 0.0s",
      "",
    ]);
    view.close();
  });

  it("keeps its columns where they are when a longer name comes", () => {
    const { view, recorded } = openView({ isTerminal: true });
    const statusAt = () => Math.max(...screenOf(recorded.out).lines.map((line) => line.indexOf("Succeeded")));
    view.show(started);
    view.show(activityIs("get", "Succeeded"));
    const before = statusAt();
    view.show(activityIs("register_data", "Succeeded"));
    expect(before).toBeGreaterThan(0);
    expect(statusAt()).toBe(before);
    view.close();
  });

  it("counts the time of a run that was started before from its own beginning", async () => {
    const clock = new ManualClock();
    await clock.advance(600_000);
    const { view, recorded } = openView({ isTerminal: true, clock });
    view.show({ ...started, found: true });
    view.show(runIs("InProgress"));
    expect(screenOf(recorded.out).lines.at(-2)).toBe("InProgress 10m 00s  Ctrl-C detaches");
    view.close();
  });

  it("ends with every activity, the result and a visible cursor", () => {
    const { view, recorded } = openView({ isTerminal: true, rows: 8 });
    view.show(started);
    for (let number = 1; number <= 50; number++) view.show(activityIs(`step_${number}`, "Succeeded"));
    view.show(runIs("Succeeded"));
    view.show(finishedAs("Succeeded"));
    view.close();
    const { lines, cursorHidden } = screenOf(recorded.out);
    expect(cursorHidden).toBe(false);
    expect(lines).toHaveLength(1 + 50 + 1 + 1);
    expect(lines.at(-2)).toBe("run Succeeded after 1m 15s (0f1e2d3c-0000-4000-8000-000000000001)");
  });

  it("gives the cursor back when it is closed in the middle, and draws no more", async () => {
    const { view, recorded, clock } = openView({ isTerminal: true });
    view.show(started);
    view.show(activityIs("a", "InProgress"));
    view.close();
    const { length } = recorded.out;
    await clock.advance(60_000);
    expect(recorded.out).toHaveLength(length);
    expect(screenOf(recorded.out).cursorHidden).toBe(false);
  });

  it("rewrites what a narrower window has wrapped", () => {
    const size = { columns: 80 };
    const { recorded, clock, context } = openView({ isTerminal: true });
    const resized: CommandContext = Object.defineProperty({ ...context, clock }, "columns", {
      get: () => size.columns,
    });
    const view = createView({}, createTerminal(resized), resized);
    view.show(started);
    view.show(activityIs("an_activity_with_a_rather_long_name", "InProgress"));
    size.columns = 30;
    recorded.out = "";
    view.show(runIs("InProgress"));
    const up = new RegExp(`${esc}\\[(\\d+)A`).exec(recorded.out)?.[1];
    expect(up).toBe("3");
    view.close();
  });

  it("is coloured on a terminal, but not with NO_COLOR or TERM=dumb", () => {
    const sequencesOf = (environment: Record<string, string>) => {
      const { view, recorded } = openView({ isTerminal: true, environment });
      for (const line of eventfulRun) view.show(line);
      view.show(finishedAs("Failed"));
      return new RegExp(`${esc}\\[3\\dm`).test(recorded.out);
    };
    expect([sequencesOf({}), sequencesOf(quiet), sequencesOf({ TERM: "dumb" })]).toEqual([true, false, false]);
  });

  it("lets no control sequence of the service through", () => {
    const { view, recorded } = openView({ isTerminal: true });
    view.show(started);
    view.show(activityIs("a\u001b[2Jb\u0007", "Failed", { error: errorSaying("x\u001b]0;title\u0007\ny") }));
    view.close();
    for (const harm of [`${esc}[2J`, `${esc}]`, "\u0007"]) expect(recorded.out).not.toContain(harm);
  });
});
