import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateTrips, tripsAsCsv } from "../../samples/generateTrips.js";
import { cliFile } from "../helpers/cli.js";
import { type TestEmulator, testStateFolder } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";
import { openPulumiProject, type PulumiProject, startJoinableEmulator } from "./pulumi/project.js";

const pulumi = requireTool("pulumi", { args: ["version"] }) ?? "";

describe.skipIf(pulumi === "")("a promotion in a stack of the pulumi command line", () => {
  const state = testStateFolder();
  let emulator: TestEmulator;
  let project: PulumiProject;

  beforeAll(async () => {
    emulator = await startJoinableEmulator(state);
    project = await openPulumiProject(pulumi, state);
    await command("up", "--yes", "--skip-preview");
    writeFileSync(path.join(project.folder, "trips.csv"), tripsAsCsv(generateTrips({ seed: 61, count: 300 })));
  });
  afterAll(() => emulator?.close());

  const command = (...words: string[]) => project.succeed(pulumi, ...words, "--non-interactive");
  const retrain = (...words: string[]) => project.succeed(process.execPath, cliFile, "retrain", ...words);
  const chosen = async () => (await command("config", "get", "defaultDeployment")).trim();
  const defaultDeployment = () => {
    const endpoints = emulator.platform.resources.ofType("Microsoft.MachineLearningServices/workspaces/batchEndpoints");
    return endpoints.map(({ body }) => body["properties"]).at(0);
  };

  it("is in the stack's configuration, and a later pulumi up keeps it; --rollback takes it back", async () => {
    const promoted = await retrain("--data", "trips.csv", "--label", "fare", "--promote", "--force");
    const name = /^(m-\w{8}) answers now instead of boosted-trees$/m.exec(promoted)?.[1] ?? "none";
    expect(await chosen()).toBe(name);
    await command("up", "--yes", "--skip-preview", "--refresh");
    expect(defaultDeployment()).toMatchObject({ defaults: { deploymentName: name } });

    expect(await retrain("--rollback")).toContain(`boosted-trees answers now instead of ${name}`);
    expect(await chosen()).toBe("boosted-trees");
    await command("up", "--yes", "--skip-preview", "--refresh");
    expect(defaultDeployment()).toMatchObject({ defaults: { deploymentName: "boosted-trees" } });
  });
});
