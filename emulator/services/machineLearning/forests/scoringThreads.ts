import { availableParallelism } from "node:os";
import { chunkBytes, type TableChunk } from "../../../../contract/tableChunks.js";
import type { Scorer } from "./scorer.js";

/** Each holds a model and some rows in memory. */
const mostThreads = 3;

/** How many threads a file of so many bytes is worth: one for each of its chunks, as far as there are processors. */
export function threadsFor(bytes: number, processors: number = availableParallelism()): number {
  return Math.max(1, Math.min(processors, mostThreads, Math.ceil(bytes / chunkBytes)));
}

/** Threads that score with the same model. */
export interface ScoringThreads {
  /**
   * The rows for predictions.csv of one file's chunks, in the file's order. No more of them are taken ahead than keep
   * the threads busy. Rejects with the failure that comes first in the file; ends one scoring before the next.
   */
  score(chunks: AsyncIterable<TableChunk>): AsyncGenerator<Uint8Array>;
  /** Ends them, in the middle of their work if it must. */
  close(): Promise<void>;
}

interface Task {
  readonly chunk: TableChunk;
  resolve(predictions: Uint8Array): void;
  reject(reason: unknown): void;
}

/** Starts all of them at once; rejects when one cannot start, and ends the others. The signal that they get ends them. */
export async function startScoringThreads(
  start: (signal: AbortSignal) => Promise<Scorer>,
  count: number,
): Promise<ScoringThreads> {
  const ended = new AbortController();
  const end = () => ended.abort(new Error("the scoring is over"));
  const starting = Array.from({ length: count }, () => start(ended.signal));
  const threads = await Promise.all(starting).catch((error: unknown) => {
    end();
    throw error;
  });
  const idle = [...threads];
  const waiting: Task[] = [];

  async function work(thread: Scorer): Promise<void> {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      await thread.score(task.chunk).then(task.resolve, task.reject);
    }
    idle.push(thread);
  }

  function score(chunk: TableChunk): Promise<Uint8Array> {
    const scored = new Promise<Uint8Array>((resolve, reject) => waiting.push({ chunk, resolve, reject }));
    // awaited in its turn, which may come later than its failure
    scored.catch(() => {});
    const thread = idle.pop();
    if (thread) void work(thread);
    return scored;
  }

  /** What fails before it can be scored takes its place among the rest. */
  async function* begin(chunks: AsyncIterable<TableChunk>): AsyncGenerator<{ readonly rows: Promise<Uint8Array> }> {
    try {
      for await (const chunk of chunks) yield { rows: score(chunk) };
    } catch (error) {
      const rows = Promise.reject(error);
      rows.catch(() => {});
      yield { rows };
    }
  }

  return {
    async *score(chunks) {
      let ahead: Promise<Uint8Array>[] = [];
      try {
        for await (const { rows } of begin(chunks)) {
          ahead.push(rows);
          if (ahead.length <= 2 * count) continue;
          const [first, ...others] = ahead;
          ahead = others;
          if (first) yield await first;
        }
        for (const rows of ahead) yield await rows;
      } finally {
        waiting.length = 0;
      }
    },
    async close() {
      end();
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
