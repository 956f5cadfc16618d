import { expect, it } from "vitest";
import type { Json, JsonObject } from "../../contract/json.js";
import { failureTexts } from "../../emulator/localRun/failureTexts.js";
import { runPipeline } from "../../emulator/testing.js";

const get = {
  name: "Get",
  type: "WebActivity",
  policy: { retry: 2 },
  typeProperties: { url: "https://api.example/", method: "GET" },
};
const loop = (activity: Json): JsonObject => ({
  name: "Each",
  type: "ForEach",
  typeProperties: { items: { value: "@createArray(1)", type: "Expression" }, activities: [activity] },
});
const decision = {
  name: "Decide",
  type: "IfCondition",
  typeProperties: { expression: { value: "@equals(1, 1)", type: "Expression" }, ifTrueActivities: [get] },
};

async function textsOf(activity: Json, http: Parameters<typeof runPipeline>[1] = {}) {
  const { run, activityRuns } = await runPipeline({ activities: [activity] }, http);
  return failureTexts(run, activityRuns);
}

it("a request without a stub is told by that alone, each cause once however often it is tried", async () => {
  expect(await textsOf(get)).toEqual({
    activities: ["No stub answers GET https://api.example/", "as before", "as before"],
    run: "Operation on target Get failed.",
  });
});

it("containers name what failed in them and leave the cause to it", async () => {
  expect(await textsOf(loop(decision))).toEqual({
    activities: [
      "Activity failed because an inner activity failed; Inner activity name: Decide.",
      "Activity failed because an inner activity failed; Inner activity name: Get.",
      "No stub answers GET https://api.example/",
      "as before",
      "as before",
    ],
    run: "Operation on target Each failed.",
  });
});

it("another cause of each attempt is told with each", async () => {
  const responses = [{ status: 503, body: "busy" }, { status: 500, body: "broken" }, { body: {} }];
  const http = [{ method: "GET", url: "https://api.example/", responses }];
  expect(await textsOf(get, { http })).toEqual({ activities: ["busy", "broken", ""], run: "" });
});
