import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { heldOutEvery } from "../../contract/retraining.js";

const folder = path.resolve(import.meta.dirname, "../../infra/scoring");
const text = (file: string) => readFileSync(path.join(folder, file), "utf8");

describe("the training job on Azure", () => {
  const job = parse(text("train.job.yaml")) as Record<string, unknown> & {
    code: string;
    command: string;
    inputs: Record<string, { path: string }>;
    outputs: Record<string, unknown>;
    environment: { conda_file: string };
  };

  it("runs train.py with options that it has, and with its own inputs and outputs", () => {
    const script = text("train.py");
    for (const [option] of job.command.matchAll(/--\w+/g)) expect(script).toContain(`"${option}"`);
    const named = [...job.command.matchAll(/\$\{\{(\w+)\.(\w+)\}\}/g)].map(([, kind, name]) => `${kind}.${name}`);
    expect(named).toEqual([
      ...Object.keys(job.inputs).map((name) => `inputs.${name}`),
      ...Object.keys(job.outputs).map((name) => `outputs.${name}`),
    ]);
  });

  it("has its code, its packages and its input where it says", () => {
    expect(path.resolve(folder, job.code)).toBe(folder);
    for (const file of [job.environment.conda_file, job.inputs["trips"]?.path ?? "none"]) {
      expect(existsSync(path.resolve(folder, file)), file).toBe(true);
    }
  });

  it("holds out as many rows as the retraining service", () => {
    expect(text("train.py")).toContain(`HELD_OUT_EVERY = ${heldOutEvery}\n`);
  });
});
