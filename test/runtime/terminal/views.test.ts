import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { createView } from "../../../runtime/commands/followRun.js";
import { createTerminal } from "../../../runtime/terminal/terminal.js";
import { columnsOf } from "../../../runtime/terminal/text.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { testContext } from "../helpers/commandContext.js";
import { activityIs, errorSaying, eventfulRun, finishedAs, runIs, started } from "../helpers/sampleEvents.js";
import { screenOf } from "../helpers/screen.js";

const esc = "\u001b";
const quiet = { NO_COLOR: "1" };

function open(overrides: Partial<CommandContext>, json = false) {
  const clock = new ManualClock();
  const { context, recorded } = testContext({ clock, environment: quiet, ...overrides });
  return { view: createView(json, createTerminal(context), context), recorded, clock, context };
}

async function liveScreen(columns: number, rows: number): Promise<string[]> {
  const { view, recorded, clock } = open({ isTerminal: true, columns, rows });
  for (const line of eventfulRun) view.show(line);
  await clock.advance(8_200);
  const { lines } = screenOf(recorded.out);
  view.close();
  return lines;
}

describe("the live view", () => {
  it("shows one line an activity at 80x24", async () => {
    expect(await liveScreen(80, 24)).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "  ✓ get_client_id        Succeeded     0.4s",
        "  ! register_dataset     Failed        2.2s  handled by データ起動, 404: gone",
        "  ✓ データ起動           Succeeded     2.2s  attempt 2",
        "  ● wait_for_job         InProgress    8.2s",
        "    ✓ get_status         Succeeded     2.2s  round 2",
        "    ● pause              InProgress    8.2s  round 2",
        "InProgress 8.2s  Ctrl-C detaches",
        "",
      ]
    `);
  });

  it("shows one line an activity at 120x40", async () => {
    expect(await liveScreen(120, 40)).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "  ✓ get_client_id        Succeeded     0.4s",
        "  ! register_dataset     Failed        2.2s  handled by データ起動, 404: gone",
        "  ✓ データ起動           Succeeded     2.2s  attempt 2",
        "  ● wait_for_job         InProgress    8.2s",
        "    ✓ get_status         Succeeded     2.2s  round 2",
        "    ● pause              InProgress    8.2s  round 2",
        "InProgress 8.2s  Ctrl-C detaches",
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
        "  ✓ データ起動             2.2s",
        "  ● wait_for_job           8.2s",
        "    ✓ get_status           2.2s",
        "    ● pause                8.2s",
        "InProgress 8.2s",
        "",
      ]
    `);
  });

  it.each([20, 32, 49, 50, 80, 120])("never writes a line as wide as a window of %i columns", async (columns) => {
    const lines = (await liveScreen(columns, 24)).slice(1);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThan(columns);
  });

  it("gives way at the top where the window is low", async () => {
    const { view, recorded } = open({ isTerminal: true, rows: 8 });
    view.show(started);
    for (let number = 1; number <= 50; number++) view.show(activityIs(`step_${number}`, "Succeeded"));
    const { lines } = screenOf(recorded.out);
    expect(lines.slice(1).map((line) => line.trim().split(/ {2,}| Succ/)[0])).toEqual([
      "… 46 more above",
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
    const { view, recorded } = open({ isTerminal: true });
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
    const { view, recorded } = open({ isTerminal: true, clock });
    view.show({ ...started, found: true });
    view.show(runIs("InProgress"));
    expect(screenOf(recorded.out).lines.at(-2)).toBe("InProgress 10m 00s  Ctrl-C detaches");
    view.close();
  });

  it("ends with every activity, the result and a visible cursor", () => {
    const { view, recorded } = open({ isTerminal: true, rows: 8 });
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
    const { view, recorded, clock } = open({ isTerminal: true });
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
    const { recorded, clock, context } = open({ isTerminal: true });
    const resized: CommandContext = Object.defineProperty({ ...context, clock }, "columns", {
      get: () => size.columns,
    });
    const view = createView(false, createTerminal(resized), resized);
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
      const { view, recorded } = open({ isTerminal: true, environment });
      for (const line of eventfulRun) view.show(line);
      view.show(finishedAs("Failed"));
      return new RegExp(`${esc}\\[3\\dm`).test(recorded.out);
    };
    expect([sequencesOf({}), sequencesOf(quiet), sequencesOf({ TERM: "dumb" })]).toEqual([true, false, false]);
  });

  it("lets no control sequence of the service through", () => {
    const { view, recorded } = open({ isTerminal: true });
    view.show(started);
    view.show(activityIs("a\u001b[2Jb\u0007", "Failed", { error: errorSaying("x\u001b]0;title\u0007\ny") }));
    view.close();
    for (const harm of [`${esc}[2J`, `${esc}]`, "\u0007"]) expect(recorded.out).not.toContain(harm);
  });
});

describe("the plain view", () => {
  it("appends a line a change, later rounds of a loop left out, without any control sequence", () => {
    const { view, recorded } = open({ isTerminal: false, environment: {} });
    for (const line of [...eventfulRun, finishedAs("Succeeded")]) view.show(line);
    expect(stripVTControlCharacters(recorded.out)).toBe(recorded.out);
    expect(recorded.out.split("\n")).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "08:00:00Z  ● get_client_id            InProgress",
        "08:00:00Z  ✓ get_client_id            Succeeded     0.4s",
        "08:00:00Z  ! register_dataset         Failed        2.2s  handled by データ起動, 404: gone",
        "08:00:00Z  ! データ起動               Failed        2.2s  is tried again, busy",
        "08:00:00Z  ✓ データ起動               Succeeded     2.2s  attempt 2",
        "08:00:00Z  ● wait_for_job             InProgress",
        "08:00:00Z    ● get_status             InProgress",
        "08:00:00Z    ✓ get_status             Succeeded     2.2s",
        "08:00:00Z    ✓ pause                  Succeeded    30.0s",
        "run Succeeded after 1m 15s (0f1e2d3c-0000-4000-8000-000000000001)",
        "",
      ]
    `);
  });

  it("shows when it happened by the service: the end, else the start, else when it was seen", () => {
    const { view, recorded } = open({});
    const start = "2024-05-01T06:01:02.1234567Z";
    view.show(activityIs("a", "InProgress", { start }));
    view.show(activityIs("a", "Succeeded", { start, end: "2024-05-01T06:03:04.0000000Z" }));
    view.show(activityIs("b", "Skipped", { start: null, end: null }));
    expect(recorded.out.split("\n").map((line) => line.slice(0, 9))).toEqual([
      "06:01:02Z",
      "06:03:04Z",
      "08:00:00Z",
      "",
    ]);
  });

  it("shows a status word once, in whichever round it is set", () => {
    const { view, recorded } = open({});
    const rounds = ["Running", "Running", "Completed"];
    for (const [round, value] of rounds.entries()) {
      view.show(
        activityIs("Set jobStatus", "Succeeded", { containers: ["wait_for_job"], iteration: `r${round}`, value }),
      );
    }
    const words = recorded.out
      .split("\n")
      .flatMap((line) => /Set jobStatus.* (\w+ing|Completed)/.exec(line)?.[1] ?? []);
    expect(words).toEqual(["Running", "Completed"]);
  });

  it("never cuts the service's sentence", () => {
    const { view, recorded } = open({ columns: 80 });
    const sentence = `${"the reason is long ".repeat(60)}and ends here`;
    view.show(started);
    view.show(activityIs("call", "Failed", { error: errorSaying(sentence, 400) }));
    expect(recorded.out).toContain(`400: ${sentence}\n`);
  });

  it("shows a failure in any round", () => {
    const { view, recorded } = open({});
    for (const line of eventfulRun) view.show(line);
    recorded.out = "";
    view.show(
      activityIs("pause", "Failed", {
        containers: ["wait_for_job"],
        iteration: "c3",
        error: errorSaying("boom"),
      }),
    );
    expect(recorded.out).toContain("pause");
    expect(recorded.out).toContain("round 3, boom");
  });
});

describe("the JSON view", () => {
  it("writes one object a line, on a terminal too", () => {
    const { view, recorded } = open({ isTerminal: true, environment: {} }, true);
    for (const line of eventfulRun) view.show(line);
    expect(
      recorded.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(eventfulRun);
  });
});
