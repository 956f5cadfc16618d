import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { joined } from "../../../emulator/environment.js";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";
import { cliFile, runCli } from "../../helpers/cli.js";
import { startTestEmulator, type TestEmulator, testStateFolder } from "../../helpers/testEmulator.js";
import { type BesClient, openBesClient } from "./besClient.js";

const trips = (seed: number) => tripsAsCsv(generateTrips({ seed, count: 8_000 }));
/** Both tests train twice, and other tests take their share of the cores. */
const twoTrainingsMs = 60_000;

const folder = testStateFolder();
let emulator: TestEmulator;
let bes: BesClient;
const children: ChildProcess[] = [];

const start = async () => {
  emulator = await startTestEmulator({ folder });
  bes = openBesClient(emulator);
};
const stop = async () => {
  await bes.close();
  await emulator.close();
};

beforeAll(async () => {
  await start();
  await bes.upload("data/trips.csv", trips(1));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await stop();
});

const job = () => ({
  Inputs: { input1: bes.blob("data/trips.csv") },
  Outputs: { output2: bes.blob("data/results.csv") },
  GlobalParameters: { Label: "fare" },
});

async function inTheMiddle(): Promise<string> {
  const id = String((await bes.submit(job())).json);
  await bes.start(id);
  await bes.until(id, ({ Details = "" }) => Details.startsWith("training on"));
  return id;
}

const ended = ({ StatusCode }: { StatusCode?: number }) => StatusCode !== undefined && StatusCode > 1;

it(
  "a job whose emulator ends in the middle of the training is trained anew at the next start and finishes",
  async () => {
    const id = await inTheMiddle();
    await stop();
    await start();
    expect(await bes.until(id, ended)).toMatchObject({ StatusCode: 4 });
    const said = await bes.read(await bes.signedRead("data/results.csv"));
    expect(said.bytes.toString("utf8")).toContain("model,rows_trained,6400");
  },
  twoTrainingsMs,
);

it("a job whose file is another one after the restart is reported failed, as it would learn something else", async () => {
  const id = await inTheMiddle();
  await bes.upload("data/trips.csv", trips(2));
  await stop();
  await start();
  expect(await bes.until(id, ended)).toMatchObject({
    StatusCode: 2,
    Details: "The training was interrupted, and its file is another one since: submit the job again.",
  });
});

it("a job of which nobody asked for a start waits for it through a restart", async () => {
  const id = String((await bes.submit(job())).json);
  await stop();
  await start();
  expect(await bes.status(id)).toEqual({});
});

it("the workspace, its key and its storage account are the same after a restart", async () => {
  const before = { ...emulator.environment };
  await stop();
  await start();
  const names = ["BES_ENDPOINT", "BES_API_KEY", "BES_STORAGE_CONNECTION_STRING", "BES_WORKSPACE_TOKEN"];
  for (const name of names) expect(emulator.environment[name]).toBe(before[name]);
});

it("no key and no connection string of a job is readable in the state folder", async () => {
  await bes.submit(job());
  const [, key = ""] = /AccountKey=([^;]+)/.exec(bes.connectionString) ?? [];
  expect(key).toHaveLength(88);
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const holding = files.filter((file) => {
    const content = readFileSync(path.join(file.parentPath, file.name), "latin1");
    return [key, bes.key, bes.token].some((secret) => content.includes(secret));
  });
  expect(holding.map(({ name }) => name)).toEqual([]);
});

it(
  "a job whose emulator was really killed is finished by the next one",
  async () => {
    await bes.upload("data/trips.csv", trips(1));
    await stop();
    const first = await startProcess();
    await joinProcess(first);
    const id = await inTheMiddle();
    first.child.kill("SIGKILL");
    await once(first.child, "close");
    await bes.close();
    await start();
    expect(await bes.until(id, ended)).toMatchObject({ StatusCode: 4 });
  },
  twoTrainingsMs,
);

it("a job in any other state when its emulator is killed is in it at the next start, or goes on to its end", async () => {
  const few = tripsAsCsv(generateTrips({ seed: 3, count: 200 }));
  await stop();
  const first = await startProcess();
  await joinProcess(first);
  for (const name of ["few", "held"]) await bes.upload(`data/${name}.csv`, few);
  const results = (name: string) => ({ Outputs: { output2: bes.blob(`data/${name}.csv`) } });
  const Label = { GlobalParameters: { Label: "fare" } };
  const fewTrips = { Inputs: { input1: bes.blob("data/few.csv") }, ...Label };
  const submitted = async (body: object) => String((await bes.submit(body)).json);
  const begun = async (body: object, stage: string) => {
    const id = await submitted(body);
    await bes.start(id);
    await bes.until(id, ({ Details = "" }) => Details.startsWith(stage));
    return id;
  };
  const finished = await bes.run({ ...fewTrips, ...results("finished") });
  const failed = await bes.run({ ...fewTrips, GlobalParameters: { Label: "fee" } });
  const cancelled = await submitted(fewTrips);
  await bes.delete(cancelled);
  const deleted = await submitted(fewTrips);
  await bes.delete(deleted);
  await bes.delete(deleted);
  const notStarted = await submitted({ ...fewTrips, ...results("started-later") });
  await hold("GET", "*/held.csv");
  await hold("PUT", "*/written.csv");
  const heldTrips = { ...fewTrips, Inputs: { input1: bes.blob("data/held.csv") } };
  const fetching = await begun({ ...heldTrips, ...results("fetched") }, "fetching");
  const writing = await begun({ ...fewTrips, ...results("written") }, "writing output2");
  const waiting = await begun({ ...fewTrips, ...results("waited") }, "waiting for a free worker");
  first.child.kill("SIGKILL");
  await once(first.child, "close");
  await bes.close();
  await start();
  for (const id of [fetching, writing, waiting]) expect(await bes.until(id, ended)).toMatchObject({ StatusCode: 4 });
  for (const name of ["fetched", "written", "waited"]) {
    const { bytes } = await bes.read(await bes.signedRead(`data/${name}.csv`));
    expect(bytes.toString("utf8")).toContain("model,rows_trained,160");
  }
  expect(await bes.status(finished.id)).toMatchObject({ StatusCode: 4, Results: { output2: expect.anything() } });
  expect(await bes.status(failed.id)).toEqual({ StatusCode: 2, Details: failed.Details });
  expect(await bes.status(cancelled)).toMatchObject({ StatusCode: 3 });
  expect((await bes.send("GET", `${bes.endpoint}/jobs/${deleted}?api-version=2.0`)).status).toBe(404);
  expect(await bes.status(notStarted)).toEqual({});
  await bes.start(notStarted);
  expect(await bes.until(notStarted, ended)).toMatchObject({ StatusCode: 4 });
}, 60_000);

/** Whoever sends such a request to the emulator's process waits for as long as that lives. */
async function hold(method: string, place: string): Promise<void> {
  const words = ["emulator", "fault", "add", "latency", "--delay", "600000", "--method", method, "--path", place];
  const { code, stderr } = await runCli(words, { SYNAPSE_BATCH_HOME: folder.path });
  expect(code, stderr).toBe(0);
}

interface EmulatorProcess {
  readonly child: ChildProcess;
  readonly proxyUrl: string;
}

/** An emulator of its own process on the same folder, as `npm run emulator` starts it. */
async function startProcess(): Promise<EmulatorProcess> {
  const env = joined(process.env, { SYNAPSE_BATCH_HOME: folder.path });
  const child = spawn(process.execPath, [cliFile, "emulator", "--offline"], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  const proxyUrl = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.once("close", (code) => reject(new Error(`the emulator ended with ${code}`)));
  });
  return { child, proxyUrl };
}

/** The same client, now of the other process. */
function joinProcess({ proxyUrl }: EmulatorProcess): void {
  const authorityPem = readFileSync(folder.files.authority, "utf8");
  bes = openBesClient({ proxyUrl, environment: emulator.environment }, { authorityPem });
}
