import { availableParallelism } from "node:os";
import type { TableChunk } from "../../../../contract/tableChunks.js";
import type { Scorer } from "./scorer.js";

/** Each holds a model and some rows in memory. */
export const mostThreads = Math.min(availableParallelism(), 3);

/** Threads that score with the same model: one from the start, others when there is work that waits. */
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

/** Starts the first of at most `most` threads; rejects when it cannot start. The signal that they get ends them. */
export async function startScoringThreads(
  start: (signal: AbortSignal) => Promise<Scorer>,
  most: number,
): Promise<ScoringThreads> {
  const ended = new AbortController();
  const waiting: Task[] = [];
  const idle: Scorer[] = [];
  const threads: Promise<Scorer>[] = [];

  async function work(thread: Scorer): Promise<void> {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      await thread.score(task.chunk).then(task.resolve, task.reject);
    }
    idle.push(thread);
  }

  function add(): Promise<void> {
    const thread = start(ended.signal);
    threads.push(thread);
    return thread.then((started) => void work(started));
  }

  function score(chunk: TableChunk): Promise<Uint8Array> {
    const scored = new Promise<Uint8Array>((resolve, reject) => waiting.push({ chunk, resolve, reject }));
    // awaited in its turn, which may come later than its failure
    scored.catch(() => {});
    const thread = idle.pop();
    if (thread) void work(thread);
    else if (threads.length < most) add().catch((reason: unknown) => waiting.shift()?.reject(reason));
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

  await add();
  return {
    async *score(chunks) {
      let ahead: Promise<Uint8Array>[] = [];
      try {
        for await (const { rows } of begin(chunks)) {
          ahead.push(rows);
          if (ahead.length <= 2 * most) continue;
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
      ended.abort(new Error("the scoring is over"));
      await Promise.allSettled(threads.map(async (thread) => (await thread).close()));
    },
  };
}
