import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireTool } from "../helpers/tools.js";

const root = path.resolve(import.meta.dirname, "../..");
const jobFile = path.join(root, "infra/scoring/train.job.yaml");
const python = requireTool("python", { args: ["-c", "import azure.ai.ml"] });
/** Loads a job as `az ml job create` does: `--set` is `params_override`. A relative path is one of the job file's own folder. */
const driver = `
import json, os, sys
from azure.ai.ml import load_job
job = load_job(sys.argv[1], params_override=[dict([word.split("=", 1)]) for word in sys.argv[2:]])
component = job.component
print(json.dumps({
    "type": job.type,
    "compute": job.compute,
    "command": component.command,
    "code": os.path.join(component.base_path, component.code),
    "packages": component.environment.conda_file["dependencies"],
    "inputs": {name: os.path.join(job.base_path, given.path) for name, given in job.inputs.items()},
}))
`;

interface LoadedJob {
  readonly type: string;
  readonly compute: string;
  readonly command: string;
  readonly code: string;
  readonly packages: readonly unknown[];
  readonly inputs: Readonly<Record<string, string>>;
}

describe.skipIf(!python)("the training job in Azure's own library (needs azure-ai-ml)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "job-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const load = (file: string, ...settings: string[]) =>
    spawnSync(python ?? "", ["-c", driver, file, ...settings], { cwd: folder, encoding: "utf8" });

  function loaded(...settings: string[]): LoadedJob {
    const { status, stdout, stderr } = load(jobFile, ...settings);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as LoadedJob;
  }

  it("fits the schema of a command job, with its code, its packages and its input where it says", () => {
    const job = loaded();
    expect(job).toMatchObject({ type: "command", compute: "cpu-cluster" });
    expect(job.command).toMatch(/^python train\.py /);
    expect(existsSync(path.join(job.code, "train.py"))).toBe(true);
    expect(JSON.stringify(job.packages)).toContain("azureml-dataset-runtime[fuse]");
    expect(Object.values(job.inputs).every((file) => existsSync(file))).toBe(true);
  });

  it("takes the user's own file from the folder where docs/retraining.md's line is typed", () => {
    const line = readFileSync(path.join(root, "docs/retraining.md"), "utf8").replace(/\\\n/g, " ");
    const setting = /az ml job create .*--set (\S+)/.exec(line)?.[1]?.replaceAll('"', "") ?? "none";
    writeFileSync(path.join(folder, "trips.csv"), "");
    expect(loaded(setting.replace("$PWD", folder)).inputs).toEqual({ trips: path.join(folder, "trips.csv") });
  });

  it("would be refused with a member that a command job has not", () => {
    const { status, stderr } = load(jobFile, "comand=x");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/comand.*Unknown field/s);
  });
});
