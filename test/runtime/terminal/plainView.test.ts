import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { openView } from "../helpers/openView.js";
import { activityIs, errorSaying, eventfulRun, finishedAs, loopOverItems, started } from "../helpers/sampleEvents.js";

describe("the plain view", () => {
  it("appends a line a change, later rounds of a loop left out, without any control sequence", () => {
    const { view, recorded } = openView({ isTerminal: false, environment: {} });
    for (const line of [...eventfulRun, finishedAs("Succeeded")]) view.show(line);
    expect(stripVTControlCharacters(recorded.out)).toBe(recorded.out);
    expect(recorded.out.split("\n")).toMatchInlineSnapshot(`
      [
        "run 0f1e2d3c-0000-4000-8000-000000000001 of batch-scoring in ws1 started",
        "08:00:00Z  ● get_client_id            InProgress",
        "08:00:00Z  ✓ get_client_id            Succeeded     0.4s",
        "08:00:02Z  ! register_dataset         Failed        2.2s  handled by データ起動, 404: gone",
        "08:00:04Z  ! データ起動               Failed        2.2s  is tried again, busy",
        "08:00:07Z  ✓ データ起動               Succeeded     1.0s  attempt 2",
        "08:00:07Z  ● wait_for_job             InProgress",
        "08:00:07Z    ● get_status             InProgress",
        "08:00:07Z    ✓ get_status             Succeeded     0.3s",
        "08:00:37Z    ✓ pause                  Succeeded    30.0s",
        "run Succeeded after 1m 15s (0f1e2d3c-0000-4000-8000-000000000001)",
        "",
      ]
    `);
  });

  it("is the same at any width, and begins each line with the run's id where there are several", () => {
    const { view, recorded } = openView({ isTerminal: false, columns: 40, environment: {} });
    const other = "77c0ffee-0000-4000-8000-000000000002";
    for (const runId of [started.runId, other]) view.show({ ...started, runId });
    for (const line of [...loopOverItems(started.runId), ...loopOverItems(other)]) {
      if (line.event === "activity") view.show(line);
    }
    expect(stripVTControlCharacters(recorded.out)).toBe(recorded.out);
    expect(recorded.out.split("\n").slice(2)).toMatchSnapshot();
  });

  it("shows when it happened by the service: the end, else the start, else when it was seen", () => {
    const { view, recorded } = openView({});
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
    const { view, recorded } = openView({});
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
    const { view, recorded } = openView({ columns: 80 });
    const sentence = `${"the reason is long ".repeat(60)}and ends here`;
    view.show(started);
    view.show(activityIs("call", "Failed", { error: errorSaying(sentence, 400) }));
    expect(recorded.out).toContain(`400: ${sentence}\n`);
  });

  it("shows a failure in any round", () => {
    const { view, recorded } = openView({});
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
    const { view, recorded } = openView({ isTerminal: true, environment: {} }, true);
    for (const line of eventfulRun) view.show(line);
    expect(
      recorded.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(eventfulRun);
  });
});
