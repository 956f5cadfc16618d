import { afterEach, describe, expect, it } from "vitest";
import type { TableChunk } from "../../../contract/tableChunks.js";
import { type Scorer, ScoringRefused } from "../../../emulator/services/machineLearning/forests/scorer.js";
import {
  type ScoringThreads,
  startScoringThreads,
} from "../../../emulator/services/machineLearning/forests/scoringThreads.js";

const chunk = (firstRow: number): TableChunk => ({ header: ["a"], firstRow, bytes: Buffer.from("1\n") });

/** Threads whose chunks are scored when the test says so. */
class Bench {
  readonly asked = new Map<number, { resolve(rows: Uint8Array): void; reject(reason: unknown): void }>();
  readonly ended: AbortSignal[] = [];
  taken = 0;
  #watchers: (() => void)[] = [];

  readonly start = async (signal: AbortSignal): Promise<Scorer> => {
    this.ended.push(signal);
    this.#changed();
    return {
      score: ({ firstRow }) =>
        new Promise((resolve, reject) => {
          this.asked.set(firstRow, { resolve, reject });
          this.#changed();
        }),
      close: async () => {},
    };
  };

  async *chunks(count: number): AsyncGenerator<TableChunk> {
    for (let number = 1; number <= count; number += 1) {
      this.taken = number;
      yield chunk(number);
    }
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  async answer(number: number): Promise<void> {
    await this.until(() => this.asked.has(number));
    this.asked.get(number)?.resolve(Buffer.from(`${number} `));
  }

  async refuse(number: number): Promise<void> {
    await this.until(() => this.asked.has(number));
    this.asked.get(number)?.reject(new ScoringRefused(`chunk ${number}`));
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

async function textOf(rows: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of rows) text += Buffer.from(piece).toString("utf8");
  return text;
}

describe("scoring threads", () => {
  let threads: ScoringThreads | undefined;
  afterEach(() => threads?.close());

  it("give the rows in the file's order, whichever is ready first", async () => {
    const bench = new Bench();
    threads = await startScoringThreads(bench.start, 2);
    const text = textOf(threads.score(bench.chunks(4)));
    await bench.answer(2);
    await bench.answer(3);
    await bench.answer(1);
    await bench.answer(4);
    expect(await text).toBe("1 2 3 4 ");
  });

  it("are one for a file of one chunk, and no more than the most for any other", async () => {
    const bench = new Bench();
    threads = await startScoringThreads(bench.start, 2);
    const small = textOf(threads.score(bench.chunks(1)));
    await bench.answer(1);
    await small;
    expect(bench.ended).toHaveLength(1);
    const large = textOf(threads.score(bench.chunks(9)));
    for (let number = 1; number <= 9; number += 1) {
      await bench.until(() => bench.ended.length === 2);
      await bench.answer(number);
    }
    await large;
    expect(bench.ended).toHaveLength(2);
  });

  it("take no more of the file than keeps them busy while nobody takes their rows", async () => {
    const bench = new Bench();
    threads = await startScoringThreads(bench.start, 2);
    const rows = threads.score(bench.chunks(100));
    const first = rows.next();
    await bench.answer(1);
    await bench.answer(2);
    await first;
    expect(bench.taken).toBeLessThanOrEqual(6);
    await rows.return(undefined);
  });

  it("fail with what comes first in the file, not with what failed first", async () => {
    const bench = new Bench();
    threads = await startScoringThreads(bench.start, 2);
    async function* broken() {
      yield* bench.chunks(2);
      throw new Error("the rest cannot be read");
    }
    const text = textOf(threads.score(broken()));
    text.catch(() => {});
    await bench.refuse(2);
    await bench.refuse(1);
    await expect(text).rejects.toThrow("chunk 1");
  });

  it("fail with the file itself when all before it was scored", async () => {
    const bench = new Bench();
    threads = await startScoringThreads(bench.start, 2);
    async function* broken() {
      yield* bench.chunks(1);
      throw new Error("the rest cannot be read");
    }
    const text = textOf(threads.score(broken()));
    text.catch(() => {});
    await bench.answer(1);
    await expect(text).rejects.toThrow("the rest cannot be read");
  });

  it("all end when they are closed, also one that is still starting", async () => {
    const bench = new Bench();
    let started = 0;
    const start = (signal: AbortSignal): Promise<Scorer> => {
      started += 1;
      if (started === 1) return bench.start(signal);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const both = await startScoringThreads(start, 2);
    const text = textOf(both.score(bench.chunks(2)));
    text.catch(() => {});
    await bench.until(() => bench.asked.size === 1);
    await both.close();
    expect(bench.ended[0]?.aborted).toBe(true);
    expect(started).toBe(2);
  });
});
