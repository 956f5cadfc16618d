import { describe, expect, it } from "vitest";
import { openView } from "../helpers/openView.js";
import { eventfulRun } from "../helpers/sampleEvents.js";

const esc = "\u001b";

describe("the live view", () => {
  it.each([
    ["xterm-256color", true],
    ["dumb", false],
  ])("is for terminals that can move their cursor: TERM=%s", (name, isLive) => {
    const { view, recorded } = openView({ isTerminal: true, environment: { TERM: name } });
    for (const line of eventfulRun) view.show(line);
    view.close();
    expect(recorded.out.includes(esc)).toBe(isLive);
    expect(recorded.out).toContain("get_client_id");
  });
});
