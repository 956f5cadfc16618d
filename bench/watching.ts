import { spawn } from "node:child_process";
import { once } from "node:events";
import readline from "node:readline";
import { type DeployedProcess, startDeployedProcess } from "./deployedProcess.js";
import { launcher } from "./emulatorProcess.js";
import { type Figure, median } from "./figure.js";
import { type SlowServer, startSlowServer } from "./slowServer.js";

/** Seconds: each a run of its own, all at once. */
const knownLengths = [5, 8, 13, 17, 22, 26, 31, 36, 42, 48, 54, 60] as const;
const unknownLengths = [5.3, 8.9, 13.4, 17.7, 22.2, 26.6, 31.1, 36.5, 41.9, 47.3, 52.8, 58.6] as const;

/** How late `monitor` shows the end of runs of 5 to 60 s, and how many requests it sends for that. */
export async function watching(): Promise<Figure[]> {
  const emulator = await startDeployedProcess();
  const slow = await startSlowServer();
  try {
    const known = knownLengths.map((seconds) => watch(`waits-${seconds}-seconds`, waits(seconds), emulator));
    const whereKnown = figuresOf("a Wait tells the end", await Promise.all(known));
    const unknown = unknownLengths.map((seconds, index) =>
      index % 2 === 0
        ? watch(`calls-for-${seconds * 1000}-ms`, longCall(seconds, slow), emulator)
        : watch(`polls-for-${seconds * 1000}-ms`, jobWait(seconds, slow), emulator),
    );
    return [...whereKnown, ...figuresOf("nothing tells the end", await Promise.all(unknown))];
  } finally {
    await slow.close();
    await emulator.close();
  }
}

/** Two Waits of a length that the definition tells. */
function waits(seconds: number): object[] {
  return [
    { name: "first", type: "Wait", typeProperties: { waitTimeInSeconds: 2 } },
    {
      name: "second",
      type: "Wait",
      typeProperties: { waitTimeInSeconds: seconds - 2 },
      dependsOn: [{ activity: "first", dependencyConditions: ["Succeeded"] }],
    },
  ];
}

/** One Web activity whose answer comes late. */
function longCall(seconds: number, slow: SlowServer): object[] {
  return [{ name: "call", type: "WebActivity", typeProperties: { url: slow.after(seconds), method: "GET" } }];
}

/** A loop of small Waits until a job has ended, as the scoring pipeline waits for its own. */
function jobWait(seconds: number, slow: SlowServer): object[] {
  const status = { name: "status", type: "WebActivity", typeProperties: { url: slow.job(seconds), method: "GET" } };
  const pause = {
    name: "pause",
    type: "Wait",
    typeProperties: { waitTimeInSeconds: 2 },
    dependsOn: [{ activity: "status", dependencyConditions: ["Succeeded"] }],
  };
  const expression = { value: "@equals(activity('status').output.status, 'Completed')", type: "Expression" };
  return [{ name: "wait", type: "Until", typeProperties: { expression, activities: [status, pause] } }];
}

function figuresOf(runs: string, watches: readonly Watch[]): Figure[] {
  const late = watches.map(({ lateMs }) => lateMs);
  const requests = watches.map((each) => each.requests);
  const ratios = watches.map((each) => each.requests / each.polled);
  return [
    {
      name: `the end of a run is noticed, where ${runs}`,
      value: median(late),
      unit: "ms",
      peer: null,
      ratio: null,
      samples: late,
    },
    {
      name: `requests of such a watch, all runs; the largest ratio of one run`,
      value: requests.reduce((one, other) => one + other, 0),
      unit: "requests",
      peer: "run and activities once a second",
      ratio: Math.round(Math.max(...ratios) * 100) / 100,
      samples: requests,
    },
  ];
}

interface Watch {
  /** From the run's end by the service to the line that tells of it. */
  readonly lateMs: number;
  readonly requests: number;
  /** What polling the run and its activities once a second would have sent. */
  readonly polled: number;
}

async function watch(name: string, activities: readonly object[], emulator: DeployedProcess): Promise<Watch> {
  await emulator.publish(name, { activities });
  const runId = await emulator.start(name);
  const counted = [await emulator.count(`*${runId}*`), await emulator.count(`/pipelines/${name}`)];
  const child = spawn(process.execPath, [launcher, "monitor", runId, "--json"], {
    env: emulator.environmentOf("trigger"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let endedAt = Number.NaN;
  let noticedAt = Number.NaN;
  let durationMs = Number.NaN;
  for await (const line of readline.createInterface(child.stdout)) {
    const event = JSON.parse(line) as { event: string; end?: string | null; durationMs?: number | null };
    if (event.event === "run" && event.end) endedAt = Date.parse(event.end);
    if (event.event !== "finished") continue;
    noticedAt = Date.now();
    durationMs = Number(event.durationMs);
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`monitor ended with exit code ${code}`);
  const requests = await Promise.all(counted.map((read) => read()));
  return {
    lateMs: noticedAt - endedAt,
    requests: requests.reduce((one, other) => one + other, 0),
    polled: 2 * Math.ceil(durationMs / 1000),
  };
}
