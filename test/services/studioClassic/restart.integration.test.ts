import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { joined } from "../../../emulator/environment.js";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";
import { cliFile } from "../../helpers/cli.js";
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
