import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runPipeline } from "synapse-batch/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Json } from "../../contract/json.js";
import { readArtifacts } from "../../emulator/localRun/artifacts.js";

/** A git folder with these files. */
function gitFolder(files: Readonly<Record<string, Json>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "artifacts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), `\uFEFF${JSON.stringify(content)}`);
  }
  return folder;
}

const pipeline = (url: string) => ({
  name: "main",
  properties: {
    activities: [
      {
        name: "Call",
        type: "WebActivity",
        typeProperties: {
          url,
          method: "POST",
          body: "{}",
          linkedServices: [{ referenceName: "lake", type: "LinkedServiceReference" }],
        },
      },
    ],
  },
});
const lake = { name: "lake", properties: { type: "AzureBlobFS" } };
const http = [{ method: "POST", url: "https://api.example/", responses: [{}] }];

describe("a git folder", () => {
  it("of a data factory gives its global parameters and linked services to the run", async () => {
    const folder = gitFolder({
      "pipeline/main.json": pipeline("@pipeline().globalParameters.api"),
      "linkedService/lake.json": lake,
      "factory/mine.json": {
        properties: { globalParameters: { api: { type: "string", value: "https://api.example/" } } },
      },
    });
    const { run, requests } = await runPipeline(folder, { http });
    expect(run.status).toBe("Succeeded");
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ linkedServices: [lake] });
  });

  it("of a factory without properties has no global parameters, of a workspace there are none", async () => {
    const main = pipeline("https://api.example/");
    const factory = gitFolder({ "pipeline/main.json": main, "factory/mine.json": { location: "westeurope" } });
    expect((await readArtifacts(factory)).globalParameters).toEqual({});
    expect((await readArtifacts(gitFolder({ "pipeline/main.json": main }))).globalParameters).toBeUndefined();
  });

  it("without pipelines is refused with what a git folder looks like", async () => {
    const folder = gitFolder({ "linkedService/lake.json": lake });
    await expect(readArtifacts(folder)).rejects.toMatchObject({
      exitCode: 2,
      message: `${folder} is no git folder of pipelines: it has no pipeline/ with JSON files.`,
      cure: expect.stringMatching(/pipeline\/<name>\.json and, beside it, linkedService\/.*samples\/pipelines/),
    });
  });

  it("may be named by its folder of pipelines", async () => {
    const folder = gitFolder({
      "pipeline/main.json": pipeline("https://api.example/"),
      "linkedService/lake.json": lake,
    });
    const { pipelines, linkedServices } = await readArtifacts(path.join(folder, "pipeline"));
    expect([...pipelines.keys(), ...linkedServices.keys()]).toEqual(["main", "lake"]);
  });

  it("that is called as a folder of pipelines is one itself", async () => {
    const folder = gitFolder({ "pipeline/pipeline/main.json": pipeline("https://api.example/") });
    const { pipelines } = await readArtifacts(path.join(folder, "pipeline"));
    expect([...pipelines.keys()]).toEqual(["main"]);
  });

  it("with a file that is no artifact is refused with the file's name", async () => {
    const folder = gitFolder({ "pipeline/broken.json": { activities: [] } });
    await expect(readArtifacts(folder)).rejects.toThrow(/broken\.json cannot be used: /);
  });
});
