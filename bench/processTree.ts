import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const pageBytes = 4096;
const sampleIntervalMs = 25;

/** The largest sum of resident memory (bytes) of a process and its descendants while `work` runs; Linux only. */
export async function peakResidentBytes<T>(
  pid: number,
  work: Promise<T>,
  counts: (commandLine: string) => boolean,
): Promise<{ peak: number; result: T }> {
  let peak = 0;
  let running = true;
  const sampling = (async () => {
    while (running) {
      peak = Math.max(peak, residentBytes(pid, counts));
      await wait(sampleIntervalMs);
    }
  })();
  try {
    const result = await work;
    return { peak, result };
  } finally {
    running = false;
    await sampling;
  }
}

function residentBytes(ancestor: number, counts: (commandLine: string) => boolean): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // the second field, in brackets, may hold blanks
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    parents.set(Number(name), parent);
  }
  let sum = 0;
  for (const pid of parents.keys()) {
    if (!descends(pid, ancestor, parents)) continue;
    if (!counts(read(`/proc/${pid}/cmdline`).replaceAll("\0", " "))) continue;
    sum += Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * pageBytes;
  }
  return sum;
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let current: number | undefined = pid; current !== undefined && current > 1; current = parents.get(current)) {
    if (current === ancestor) return true;
  }
  return false;
}

/** Empty when the process has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
