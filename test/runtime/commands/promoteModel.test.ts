import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import type { JsonObject } from "../../../contract/json.js";
import type { Comparison } from "../../../runtime/commands/modelComparison.js";
import { promoteIfBetter } from "../../../runtime/commands/promoteModel.js";
import type { StackModels } from "../../../runtime/commands/stackModels.js";
import type { ResourceManager } from "../../../runtime/machineLearning/resourceManager.js";
import type { Dataset } from "../../../runtime/studioClassic/dataset.js";
import { createTerminal } from "../../../runtime/terminal/terminal.js";
import { testContext } from "../helpers/commandContext.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";

const regression = (rmse: number) => ({ task: "regression", rows: 20, rmse, mae: 1, r2: 0.9 }) as const;
const better: Comparison = {
  ...{ trained: regression(1), isUnseen: true, present: { name: "taxi-fare:1 (blue)", metrics: regression(2) } },
};
const dataset = { label: "fare", isTrips: true, csv: "", rows: 100, heldOut: { labels: [], columnsFor: () => ({}) } };
const endpointId = "/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/batchEndpoints/taxi";

/** Where a promotion is interrupted: its change of that number, counted from 0, is not made or not answered. */
interface Cut {
  readonly side: "before" | "after";
  readonly change: number;
}

/** A stack whose endpoint has a deployment `blue`; what is put and written is kept by its place. */
function stackWithBlue(cut?: Cut) {
  const put = new Map<string, JsonObject>();
  const written = new Map<string, string>();
  let changes = 0;
  const change = (make: () => void) => {
    const side = changes === cut?.change ? cut.side : undefined;
    changes += 1;
    if (side !== "before") make();
    if (side !== undefined) throw new Error("the line is cut");
  };
  const arm: ResourceManager = {
    get: async (id) => put.get(id),
    put: async (id, body) => change(() => put.set(id, body)),
    ask: async () => ({}),
  };
  const stack: StackModels = {
    ...{ outputs: sampleOutputs(), arm },
    deployment: {
      ...{ endpointId, name: "blue", location: "centralus", tags: { team: "a" } },
      endpoint: {
        location: "centralus",
        tags: { x: "y" },
        properties: { authMode: "AADToken", scoringUri: "https://x" },
      },
      properties: { model: { referenceType: "Id", assetId: "old" }, miniBatchSize: 1, provisioningState: "Succeeded" },
    },
    model: {
      ...{ workspaceId: "/w", name: "taxi-fare", version: "1", datastoreId: "/w/datastores/d", path: "models/1" },
      store: {
        read: async () => Buffer.from(""),
        write: async (place, content) => change(() => written.set(place, String(content))),
      },
    },
  };
  return { stack, put, written };
}

async function promoteIn(
  { stack }: Pick<ReturnType<typeof stackWithBlue>, "stack">,
  changes: { comparison?: Partial<Comparison>; dataset?: Partial<Dataset>; force?: boolean; json?: boolean } = {},
) {
  const { context, recorded } = testContext();
  const candidate = {
    ...{ model: Buffer.from("a model"), stack },
    dataset: { ...dataset, ...changes.dataset },
    comparison: { ...better, ...changes.comparison },
  };
  await promoteIfBetter(
    candidate,
    { outputs: "o.json", force: changes.force ?? false, json: changes.json ?? false },
    createTerminal(context),
    context,
  );
  return recorded;
}

describe("a promotion", () => {
  it("registers a version, adds a deployment like the present one, and makes it the default by a whole PUT", async () => {
    const world = stackWithBlue();
    const { out, err } = await promoteIn(world);
    const name = /^(m-\w{8}) answers now instead of blue$/m.exec(out)?.[1] ?? "none";
    const version = name.slice(2);
    expect([...world.written]).toEqual([[`models/taxi-fare/${version}/model.zip`, "a model"]]);
    const modelId = `/w/models/taxi-fare/versions/${version}`;
    expect([...world.put.keys()]).toEqual([modelId, `${endpointId}/deployments/${name}`, endpointId]);
    expect(world.put.get(modelId)).toMatchObject({
      properties: {
        ...{
          modelType: "custom_model",
          modelUri: `azureml://w/datastores/d/paths/models/taxi-fare/${version}/model.zip`,
        },
      },
    });
    const deployment = world.put.get(`${endpointId}/deployments/${name}`);
    expect(deployment).toMatchObject({
      ...{ location: "centralus", tags: { team: "a", "synapse-batch-replaces": "blue" } },
      properties: { model: { referenceType: "Id", assetId: modelId }, miniBatchSize: 1 },
    });
    expect(deployment?.["properties"]).not.toHaveProperty("provisioningState");
    expect(world.put.get(endpointId)).toEqual({
      ...{ location: "centralus", tags: { x: "y" } },
      properties: { authMode: "AADToken", defaults: { deploymentName: name } },
    });
    expect(err).toContain(`pulumi config set defaultDeployment ${name}`);
  });

  it.each(["before", "after"] as const)(
    "that is interrupted %s any of its changes and called again makes one version and one deployment, the default",
    async (side) => {
      const whole = stackWithBlue();
      await promoteIn(whole);
      for (const change of [0, 1, 2, 3]) {
        const { stack, put, written } = stackWithBlue({ side, change });
        await expect(promoteIn({ stack })).rejects.toThrow("the line is cut");
        const chosen = put.get(endpointId)?.["properties"] as { defaults: { deploymentName: string } } | undefined;
        const present = { ...stack.deployment, name: chosen?.defaults.deploymentName ?? "blue" };
        const { out } = await promoteIn({ stack: { ...stack, deployment: present } });
        expect([put, written], `cut ${side} change ${change}`).toEqual([whole.put, whole.written]);
        expect(out).toMatch(chosen ? /^m-\w{8} answers already$/m : /^m-\w{8} answers now instead of blue$/m);
      }
    },
  );

  it("as JSON tells the deployment and the one before it, in one line", async () => {
    const { out } = await promoteIn(stackWithBlue(), { json: true });
    const deployment = expect.stringMatching(/^m-\w{8}$/);
    expect(JSON.parse(out)).toEqual({ event: "promoted", deployment, before: "blue" });
  });

  it("of the same model writes the file and the version once", async () => {
    const world = stackWithBlue();
    await promoteIn(world);
    world.written.clear();
    await promoteIn(world);
    expect([...world.written]).toEqual([]);
  });

  const worse = { trained: regression(3) };
  it.each([
    ["a worse model", { comparison: worse }, "it is worse than the present model taxi-fare:1 (blue)"],
    ["a model of another label", { dataset: { label: "total" } }, "it predicts total"],
    ["one without a present model to compare with", { comparison: { present: { why: "gone" } } }, "cannot be compared"],
    ["one that may have seen the rows", { comparison: { isUnseen: false } }, "may have been trained on them"],
  ])("refuses %s with exit code 1, unless it is forced", async (_what, changes, message) => {
    const world = stackWithBlue();
    await expect(promoteIn(world, changes)).rejects.toMatchObject({
      ...{ exitCode: exitCodes.failed, message: expect.stringContaining(message) },
    });
    expect([...world.put]).toEqual([]);
    await promoteIn(world, { ...changes, force: true });
    expect(world.put.has(endpointId)).toBe(true);
  });

  const classes = { task: "classification", rows: 20, accuracy: 1, logLoss: 0 } as const;
  it.each([
    ["reads other columns than trips", { dataset: { isTrips: false } }],
    ["tells classes apart", { comparison: { trained: classes } }],
  ])(
    "refuses a model that %s, which the scoring cannot run, with exit code 1, even if it is forced",
    async (_what, changes) => {
      await expect(promoteIn(stackWithBlue(), { ...changes, force: true })).rejects.toMatchObject({
        exitCode: exitCodes.failed,
        cure: expect.stringContaining("leave --promote out"),
      });
    },
  );
});
