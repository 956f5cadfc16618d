import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../contract/clock.js";
import type { JsonObject } from "../../../contract/json.js";
import { openStore } from "../../../emulator/platform/store.js";
import { openJobs } from "../../../emulator/services/machineLearning/jobs/jobs.js";
import { hangingWorker } from "../../helpers/hangingWorker.js";
import { deploy, jobBody, workspaceBody } from "./deployed.js";
import { apiHost, fewTrips, jobsOf, sample, terminal } from "./jobs.js";
import { workspaceId } from "./names.js";
import { TestMachineLearning } from "./testMachineLearning.js";

describe("a batch job", () => {
  let test: TestMachineLearning;
  beforeEach(async () => {
    test = await TestMachineLearning.start();
  });
  afterEach(() => test.close());

  const { submit, run, childErrorOf } = jobsOf(() => test);

  it("goes through its states by real work and writes one line a trip, in AppendRow's form", async () => {
    const { answer, statuses, container } = await submit();
    expect(answer.status).toBe(201);
    expect(answer.headers["azureml-model-deployment"]).toBe("blue");
    expect(String(answer.headers["location"])).toMatch(/^https:\/\/centralus\.api\.azureml\.ms\/mferp\//);
    expect(answer.body["name"]).toMatch(/^batchjob-[0-9a-f-]{36}$/);
    expect(await statuses).toEqual([
      ...["NotStarted", "Preparing", "Queued", "Starting", "Running", "Finalizing", "Completed"],
    ]);
    const rows = test.blobs.text(container, "scores/run1/predictions.csv")?.split("\n") ?? [];
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^1 "2019-03-03 22:21:18" "Flushing Meadows-Corona Park" .* \d+\.\d\d$/);
  });

  it("scores a file of many chunks in threads, and writes its rows in the file's order", async () => {
    const [header, ...rows] = sample.trimEnd().split("\n");
    const { statuses, container } = await submit({ csv: [header, ...rows, ...rows, ...rows, ...rows].join("\n") });
    expect((await statuses).at(-1)).toBe("Completed");
    const written = test.blobs.text(container, "scores/run1/predictions.csv")?.trimEnd().split("\n") ?? [];
    expect(written.map((line) => line.split(" ")[0])).toEqual(
      Array.from({ length: 4 * rows.length }, (_, row) => String(row + 1)),
    );
    const unnumbered = written.map((line) => line.replace(/^\d+ /, ""));
    expect(unnumbered.slice(3 * rows.length)).toEqual(unnumbered.slice(0, rows.length));
  });

  it("is told by the scoring host, by Resource Manager's store and by run history, as completed", async () => {
    const { statuses, name } = await submit();
    await statuses;
    const told = await test.call("GET", `/jobs/${name}`);
    expect((told.body["properties"] as JsonObject)["status"]).toBe("Completed");
    const stored = test.platform.resources.get(`${workspaceId}/jobs/${name}`)?.body["properties"];
    expect(stored).toMatchObject({ jobType: "Pipeline", status: "Completed", experimentName: "taxi-fares" });
    const run = await test.call("GET", `/history/v1.0${workspaceId}/runs/${name}/details`, { host: apiHost });
    expect(run.body).toMatchObject({ runId: name, status: "Completed", error: null });
  });

  it("takes keys in any case", async () => {
    await deploy(test).then(({ putInput }) => putInput(fewTrips));
    const { inputdata, OUTPUTDATA } = {
      inputdata: { trips: { jobinputtype: "UriFile", URI: `${workspaceId}/data/trips/versions/1` } },
      OUTPUTDATA: jobBody.properties.OutputData,
    };
    const { statuses } = await run({ Properties: { inputdata, OUTPUTDATA } });
    expect((await statuses).at(-1)).toBe("Completed");
  });

  it("without an output writes to the default datastore, below its child run", async () => {
    const { container, putInput } = await deploy(test);
    putInput(fewTrips);
    const { statuses, name } = await run({ properties: { InputData: jobBody.properties.InputData } });
    await statuses;
    const children = await test.call("GET", `/history/v1.0${workspaceId}/runs/${name}/children`, { host: apiHost });
    const [child] = children.body["value"] as JsonObject[];
    expect(test.blobs.text(container, `azureml/${child?.["runId"]}/score/predictions.csv`)).toContain("Flushing");
  });

  it("fails when the output exists already, and leaves it as it was", async () => {
    const { container, putInput } = await deploy(test);
    putInput(fewTrips);
    test.blobs.put(container, "scores/run1/predictions.csv", "kept");
    const { statuses, name } = await run();
    expect((await statuses).at(-1)).toBe("Failed");
    expect(await childErrorOf(name)).toContain("The specified blob already exists.");
    expect(test.blobs.text(container, "scores/run1/predictions.csv")).toBe("kept");
  });

  it("fails naming the columns that its file lacks", async () => {
    const submitted = await submit({ csv: "pickup,dropoff\na,b\n" });
    expect((await submitted.statuses).at(-1)).toBe("Failed");
    const message = await childErrorOf(submitted.name);
    expect(message).toContain("lacks the columns passengers, distance");
    expect(message).toContain("error threshold is 0");
  });

  it.each([-1, 1])(
    "with an error threshold of %d completes without rows when its file fails",
    async (errorThreshold) => {
      const { statuses, container } = await submit({ csv: "a,b\n1,2\n", settings: { errorThreshold } });
      expect((await statuses).at(-1)).toBe("Completed");
      expect(test.blobs.text(container, "scores/run1/predictions.csv")).toBeUndefined();
    },
  );

  it("waits for a node while another job has the only one", async () => {
    const { putInput } = await deploy(test);
    putInput(fewTrips);
    const first = await run();
    const other = {
      ...jobBody.properties.OutputData.score,
      Uri: jobBody.properties.OutputData.score.Uri.replace("run1", "run2"),
    };
    const answer = await test.call("POST", "/jobs", {
      body: { properties: { ...jobBody.properties, OutputData: { score: other } } },
    });
    await first.statuses;
    const told = await test.call("GET", `/jobs/${answer.body["name"]}`);
    expect(["Queued", "Starting", "Running"]).toContain((told.body["properties"] as JsonObject)["status"]);
    await test.statusesOf(["Completed"]);
  });

  it("that is cancelled ends as Canceled, writes nothing, and stays so", async () => {
    const { putInput, container } = await deploy(test);
    putInput(sample);
    const running = test.statusesOf(["Running"]);
    const { statuses, name } = await run();
    await running;
    const job = test.platform.resources.get(`${workspaceId}/jobs/${name}`);
    const { cancel } = test.type("workspaces/jobs").actions ?? {};
    const caller = test.principal("deployer");
    if (job) await cancel?.(job, { body: {}, apiVersion: "2025-12-01", caller });
    expect((await statuses).slice(-2)).toEqual(["CancelRequested", "Canceled"]);
    expect(test.blobs.text(container, "scores/run1/predictions.csv")).toBeUndefined();
    if (job) await cancel?.(job, { body: {}, apiVersion: "2025-12-01", caller });
    const told = await test.call("GET", `/jobs/${name}`);
    expect((told.body["properties"] as JsonObject)["status"]).toBe("Canceled");
  });
});

describe("a job whose model never ends to load", () => {
  const silent = new URL(`data:text/javascript,${encodeURIComponent("setInterval(() => {}, 1000)")}`);
  const started = async () => {
    const test = await TestMachineLearning.start({ worker: silent });
    const { putInput } = await deploy(test);
    putInput(fewTrips);
    const starting = test.statusesOf(["Starting"]);
    const answer = await test.call("POST", "/jobs", { body: jobBody });
    await starting;
    return { test, id: `${workspaceId}/jobs/${answer.body["name"]}` };
  };

  it("can be cancelled", async () => {
    const { test, id } = await started();
    const statuses = test.statusesOf(terminal);
    const job = test.platform.resources.get(id);
    const caller = test.principal("deployer");
    await (job && test.type("workspaces/jobs").actions?.["cancel"]?.(job, { body: {}, apiVersion: "", caller }));
    expect(await statuses).toEqual(["CancelRequested", "Canceled"]);
    await test.close();
  });

  it("holds up neither the end of the service nor its workspace's, which leaves no job behind", async () => {
    const closed = await started();
    await closed.test.close();
    const { test } = await started();
    const workspace = test.platform.resources.get(workspaceId);
    // as Resource Manager does it: what is below goes first
    for (const { id } of test.platform.resources.below(workspaceId)) test.platform.resources.remove(id);
    await (workspace && test.type("workspaces").remove?.(workspace));
    expect(test.platform.resources.below(workspaceId)).toEqual([]);
    // what is kept of it comes back when the workspace is recovered, and ends with its purge
    await test.put("workspaces", workspaceId, workspaceBody);
    const jobs = test.platform.resources.ofType(`${test.type("workspaces").type}/jobs`);
    expect(jobs.map(({ body }) => (body["properties"] as JsonObject)["status"])).toEqual(["Canceled"]);
    await (workspace && test.type("workspaces").softDelete?.purge?.(workspace));
    expect(test.platform.store.all("SELECT * FROM machine_learning_jobs")).toEqual([]);
    await test.close();
  });
});

describe("a mini-batch", () => {
  it("that takes longer than its timeout is tried again, then fails the job", async () => {
    const sleeps: number[] = [];
    const wallClock: Clock = {
      now: () => new Date(),
      sleep: async (milliseconds) => void sleeps.push(milliseconds),
    };
    const test = await TestMachineLearning.start({ wallClock, worker: hangingWorker });
    const { putInput } = await deploy(test, { settings: { retrySettings: { maxRetries: 2, timeout: "PT30S" } } });
    putInput(fewTrips);
    const statuses = test.statusesOf(terminal);
    const { body } = await test.call("POST", "/jobs", { body: jobBody });
    expect((await statuses).at(-1)).toBe("Failed");
    expect(sleeps).toEqual([30_000, 30_000, 30_000]);
    const url = `/history/v1.0${workspaceId}/runs/${body["name"]}/children`;
    const children = await test.call("GET", url, { host: apiHost });
    expect(JSON.stringify(children.body)).toContain("longer than its timeout of PT30S");
    await test.close();
  });
});

describe("a thread that falls in the middle of a file", () => {
  it("is replaced: the whole file is scored again and its rows are written once", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "fallen-"));
    const source = `
      import { existsSync, writeFileSync } from "node:fs";
      import { parentPort } from "node:worker_threads";
      const mark = ${JSON.stringify(path.join(folder, "fell"))};
      parentPort.on("message", ({ firstRow }) => {
        if (firstRow > 1 && !existsSync(mark)) {
          writeFileSync(mark, "");
          process.exit(1);
        }
        parentPort.postMessage({ kind: "scored", predictions: new TextEncoder().encode(firstRow + "\\n") });
      });
      parentPort.postMessage({ kind: "ready" });`;
    const test = await TestMachineLearning.start({
      worker: new URL(`data:text/javascript,${encodeURIComponent(source)}`),
    });
    const { putInput, container } = await deploy(test);
    const [header, ...rows] = sample.trimEnd().split("\n");
    putInput([header, ...rows, ...rows, ...rows, ...rows].join("\n"));
    const statuses = test.statusesOf(terminal);
    await test.call("POST", "/jobs", { body: jobBody });
    expect((await statuses).at(-1)).toBe("Completed");
    expect(existsSync(path.join(folder, "fell"))).toBe(true);
    const written = test.blobs.text(container, "scores/run1/predictions.csv")?.trimEnd().split("\n") ?? [];
    expect(written.length).toBeGreaterThan(1);
    expect(written).toEqual([...new Set(written)].sort((one, other) => Number(one) - Number(other)));
    expect(written[0]).toBe("1");
    await test.close();
    rmSync(folder, { recursive: true });
  });
});

describe("a service that was closed in the middle of a job", () => {
  it("goes on with the same job, from the start of its scoring", async () => {
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const first = await TestMachineLearning.start({ store });
    const { container, putInput } = await deploy(first);
    putInput(sample);
    const running = first.statusesOf(["Running"]);
    const { body } = await first.call("POST", "/jobs", { body: jobBody });
    await running;
    await first.service.close();
    expect(first.blobs.text(container, "scores/run1/predictions.csv")).toBeUndefined();

    const second = await TestMachineLearning.start({ store, blobs: first.blobs });
    const statuses = second.statusesOf(terminal);
    await second.service.resume();
    expect(await statuses).toEqual(["Preparing", "Queued", "Starting", "Running", "Finalizing", "Completed"]);
    expect(second.blobs.text(container, "scores/run1/predictions.csv")?.split("\n")).toHaveLength(2501);
    const jobs = second.platform.resources.ofType("Microsoft.MachineLearningServices/workspaces/jobs");
    expect(jobs.map(({ name }) => name)).toEqual([body["name"]]);
    await second.close();
  });

  it("takes the output that it had written itself for its own, and another's for another's", async () => {
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const first = await TestMachineLearning.start({ store });
    const { container, putInput } = await deploy(first);
    putInput(fewTrips);
    const completed = first.statusesOf(terminal);
    const { body } = await first.call("POST", "/jobs", { body: jobBody });
    await completed;
    await first.service.close();
    const jobs = openJobs(first.platform);
    const job = jobs.get(String(body["name"]));
    if (!job) throw new Error("no job");

    for (const [content, end] of [
      [undefined, "Completed"],
      ["other", "Failed"],
    ] as const) {
      jobs.save({ ...job, status: "Finalizing", endedAt: undefined });
      if (content) first.blobs.put(container, "scores/run1/predictions.csv", content);
      const next = await TestMachineLearning.start({ store, blobs: first.blobs });
      const statuses = next.statusesOf(terminal);
      await next.service.resume();
      expect((await statuses).at(-1)).toBe(end);
      await next.service.close();
    }
    store.close();
  });
});
