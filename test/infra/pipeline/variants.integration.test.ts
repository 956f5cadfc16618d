import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principals } from "../../../emulator/platform/subscription.js";
import { type DeployedEmulator, startDeployedEmulator } from "../../helpers/deployedEmulator.js";
import { fixtures } from "../../helpers/fixtures.js";
import { DeployedVariants, type EndedRun } from "./deployedVariants.js";
import { nameOf, type Variant, variants } from "./variants.js";

// one deployment for all; every variant is published and started, and their jobs take turns on the one node
let emulator: DeployedEmulator;
let deployed: DeployedVariants;
let ended: ReadonlyMap<Variant, EndedRun>;

beforeAll(async () => {
  emulator = await startDeployedEmulator("--input", fewTripsFile());
  deployed = await DeployedVariants.prepare(emulator);
  const runIds = await Promise.all(
    variants.map(async (variant, index) => {
      await deployed.publish(`variant-${index}`, variant);
      return deployed.start(`variant-${index}`);
    }),
  );
  const ends = await deployed.ends(runIds);
  ended = new Map(variants.flatMap((variant, index) => (ends[index] ? [[variant, ends[index]]] : [])));
}, 240_000);
afterAll(() => emulator.close());

/** The sample's first three trips: what a job costs here is its beginning, not its rows. */
function fewTripsFile(): string {
  const sample = readFileSync(path.resolve(import.meta.dirname, "../../../samples/example-data/taxibatch.csv"), "utf8");
  const file = path.join(mkdtempSync(path.join(fixtures().folder, "trips-")), "trips.csv");
  writeFileSync(file, `${sample.split("\n").slice(0, 4).join("\n")}\n`);
  return file;
}

const endOf = (variant: Variant): EndedRun => {
  const end = ended.get(variant);
  if (!end) throw new Error(`${nameOf(variant)} was not started`);
  return end;
};

interface StoredJob {
  readonly name: string;
  readonly status: string;
  readonly invokerId: string;
  readonly input: { readonly name: string };
}

const jobs = () =>
  emulator.platform.store
    .all("SELECT record FROM machine_learning_jobs")
    .map((row) => JSON.parse(String(row["record"])) as StoredJob);

describe.each(variants.map((variant) => [nameOf(variant), variant] as const))("the pipeline with %s", (_, variant) => {
  it("runs to a green end", async () => {
    const { run, activities } = endOf(variant);
    expect([run.status, run.message]).toEqual(["Succeeded", ""]);
    const statuses = new Map(activities.map(({ activityName, status }) => [activityName, status]));
    const isManaged = variant.authentication === "managedIdentity";
    expect(statuses.get("clientid")).toBe(isManaged ? undefined : "Succeeded");
    expect(statuses.get("fresh_token")).toBe(isManaged ? undefined : "Succeeded");
    expect(statuses.get("dataset_id")).toBe(variant.registerDataset === "skip" ? undefined : "Succeeded");

    const name = activities.find(({ activityName }) => activityName === "invoke_batch")?.output;
    const job = jobs().find((each) => each.name === (name as { name: string } | undefined)?.name);
    expect(job).toMatchObject({
      status: "Completed",
      invokerId: isManaged ? await deployed.synapseIdentity() : principals.scoring.objectId,
      input: { name: variant.batchApi === "preview" ? "dataset" : "trips" },
    });
  });
});

it("each run had one job", () => {
  expect(jobs()).toHaveLength(variants.length);
});

it("the dataset was registered once, and found again by every other run", () => {
  const ids = [...ended.values()].flatMap(({ activities }) =>
    activities
      .filter(({ activityName }) => activityName === "dataset_id")
      .map(({ output }) => (output as { id: string }).id),
  );
  expect(ids).toHaveLength(16);
  expect(new Set(ids).size).toBe(1);
});

it("the document's body is refused by an endpoint of today, and the run says why", async () => {
  const variant: Variant = {
    authentication: "servicePrincipal",
    batchApi: "preview",
    secretVersion: "latest",
    registerDataset: "skip",
  };
  await deployed.publish("preview-on-today", variant, { scoringUri: emulator.outputs.scoringUri });
  const [end] = await deployed.ends([await deployed.start("preview-on-today")]);
  expect(end?.run.status).toBe("Failed");
  expect(end?.run.message).toContain("V1 datasets are not supported by batch endpoints");
});
