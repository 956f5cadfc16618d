import path from "node:path";
import { runPipeline } from "synapse-batch/testing";
import { describe, expect, it } from "vitest";

const repository = path.join(import.meta.dirname, "repository");

describe("runPipeline of synapse-batch/testing", () => {
  it("runs a pipeline of a repository with given answers, on a clock whose hours take no time", async () => {
    const result = await runPipeline(repository, {
      pipeline: "nightly",
      parameters: { region: "eu", limit: 1 },
      http: [{ method: "GET", url: "https://api.example/eu/items", responses: [{ body: { items: ["a", "b"] } }] }],
    });
    expect(result.run).toMatchObject({ status: "Succeeded", durationInMs: 3_660_000 });
    expect(result.activity("Each").status).toBe("Succeeded");
    expect(result.variables).toEqual({ done: ["a"] });
    expect(result.requests).toHaveLength(1);
  });

  it("runs a definition with a function that answers, and the pipelines that it executes", async () => {
    const child = { activities: [{ name: "W", type: "Wait", typeProperties: { waitTimeInSeconds: 60 } }] };
    const definition = {
      activities: [
        {
          name: "Call",
          type: "WebActivity",
          typeProperties: { url: "https://api.example/", method: "POST", body: "x" },
        },
        {
          name: "Child",
          type: "ExecutePipeline",
          dependsOn: [{ activity: "Call", dependencyConditions: ["Failed"] }],
          typeProperties: { pipeline: { referenceName: "child" }, waitOnCompletion: true },
        },
      ],
    };
    const result = await runPipeline(definition, {
      http: async () => ({ status: 409, statusText: "Conflict", headers: {}, body: "taken" }),
      pipelines: { child },
    });
    expect(result.activity("Call").error.message).toBe("taken");
    expect(result.activity("Child").durationInMs).toBe(60_000);
    expect(() => result.activity("Nope")).toThrow("'Nope' did not run; these did: Call, Child, W.");
  });

  it("waits on its own clock for a function that really takes time: no time-out passes meanwhile", async () => {
    const typeProperties = { url: "https://api.example/", method: "GET" };
    const result = await runPipeline(
      { activities: [{ name: "Call", type: "WebActivity", typeProperties }] },
      {
        http: async () => {
          for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          return { status: 200, statusText: "OK", headers: {}, body: "{}" };
        },
      },
    );
    expect(result.activity("Call")).toMatchObject({ status: "Succeeded", durationInMs: 0 });
  });

  it("rejects a definition that a publish refuses, naming the place", async () => {
    const definition = { activities: [{ name: "A", type: "Copy" }] };
    await expect(runPipeline(definition)).rejects.toThrow(
      "activities[0].type: The activity type 'Copy' is not supported.",
    );
  });
});
