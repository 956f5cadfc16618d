import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { type DeployOptions, deploy, jobBody } from "./deployed.js";
import { workspaceId } from "./names.js";
import { root, type TestMachineLearning } from "./testMachineLearning.js";

/** The sample as a job reads it, and its first three trips. */
export const sample = readFileSync(path.join(root, "samples/example-data/taxibatch.csv"), "utf8");
export const fewTrips = `${sample.split("\n").slice(0, 4).join("\n")}\n`;

export const apiHost = "centralus.api.azureml.ms";
export const terminal = ["Completed", "Failed", "Canceled"];

/** Starts jobs and reads their errors; `current` is the service of the test that runs. */
export function jobsOf(current: () => TestMachineLearning) {
  const run = async (body: unknown = jobBody) => {
    const statuses = current().statusesOf(terminal);
    const answer = await current().call("POST", "/jobs", { body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return { answer, statuses, name: String(answer.body["name"]) };
  };
  return {
    run,
    /** Deploys, puts the input (unless the test wants it absent) and starts a job. */
    async submit(options: DeployOptions & { csv?: string } = {}) {
      const deployed = await deploy(current(), options);
      if (options.csv !== "absent") deployed.putInput(options.csv ?? fewTrips);
      return { ...deployed, ...(await run()) };
    },
    /** The error that run history has for the job's child. */
    async childErrorOf(name: string) {
      const url = `/history/v1.0${workspaceId}/runs/${name}/children`;
      const { body } = await current().call("GET", url, { host: apiHost });
      const [child] = body["value"] as JsonObject[];
      return String(((child?.["error"] as JsonObject | null)?.["error"] as JsonObject | undefined)?.["message"]);
    },
  };
}
