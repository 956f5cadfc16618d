import { spawn } from "node:child_process";
import { once } from "node:events";
import readline from "node:readline";
import { type DeployedProcess, launcher, startDeployedProcess } from "./deployedProcess.js";
import { type Figure, median } from "./figure.js";

/** Seconds: each a run of its own, all at once. */
const lengths = [5, 8, 13, 17, 22, 26, 31, 36, 42, 48, 54, 60] as const;

/** How late `monitor` shows the end of runs of 5 to 60 s, and how many requests it sends for that. */
export async function watching(): Promise<Figure[]> {
  const emulator = await startDeployedProcess();
  try {
    const watches = await Promise.all(lengths.map((seconds) => watch(seconds, emulator)));
    const late = watches.map(({ lateMs }) => lateMs);
    const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
    const ratios = watches.map(({ requests, polled }) => requests / polled);
    return [
      { name: "the end of a run is noticed", value: median(late), unit: "ms", peer: null, ratio: null, samples: late },
      {
        name: "requests of a watch, all runs; the largest ratio of one run",
        value: sum(watches.map(({ requests }) => requests)),
        unit: "requests",
        peer: "run and activities once a second",
        ratio: Math.round(Math.max(...ratios) * 100) / 100,
        samples: watches.map(({ requests }) => requests),
      },
    ];
  } finally {
    await emulator.close();
  }
}

interface Watch {
  /** From the run's end by the service to the line that tells of it. */
  readonly lateMs: number;
  readonly requests: number;
  /** What polling the run and its activities once a second would have sent. */
  readonly polled: number;
}

async function watch(seconds: number, emulator: DeployedProcess): Promise<Watch> {
  const name = `waits-${seconds}-seconds`;
  await emulator.publish(name, {
    activities: [
      { name: "first", type: "Wait", typeProperties: { waitTimeInSeconds: 2 } },
      {
        name: "second",
        type: "Wait",
        typeProperties: { waitTimeInSeconds: seconds - 2 },
        dependsOn: [{ activity: "first", dependencyConditions: ["Succeeded"] }],
      },
    ],
  });
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
