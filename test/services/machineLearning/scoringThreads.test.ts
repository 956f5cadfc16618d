import { afterEach, describe, expect, it } from "vitest";
import { chunkBytes, type TableChunk } from "../../../contract/tableChunks.js";
import { type Scorer, ScoringRefused } from "../../../emulator/services/machineLearning/forests/scorer.js";
import {
  type ScoringThreads,
  startScoringThreads,
  threadsFor,
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

  it("are one for a file of one chunk, and more for a larger one as far as there are processors", () => {
    const threads = [0, 1, chunkBytes, chunkBytes + 1, 100 * chunkBytes].map((bytes) => threadsFor(bytes, 2));
    expect(threads).toEqual([1, 1, 1, 2, 2]);
    expect(threadsFor(100 * chunkBytes, 64)).toBe(3);
    expect(threadsFor(100 * chunkBytes, 1)).toBe(1);
  });

  it("start at once and score all chunks of one file and of the next", async () => {
    const bench = new Bench();
    threads = await startScoringThreads(bench.start, 2);
    expect(bench.ended).toHaveLength(2);
    for (const count of [1, 9]) {
      bench.asked.clear();
      const large = textOf(threads.score(bench.chunks(count)));
      for (let number = 1; number <= count; number += 1) await bench.answer(number);
      expect((await large).split(" ")).toHaveLength(count + 1);
    }
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

  it("all end when one of them cannot start", async () => {
    const bench = new Bench();
    const start = (signal: AbortSignal) =>
      bench.ended.length === 0 ? bench.start(signal) : Promise.reject(new Error("no memory for a thread"));
    await expect(startScoringThreads(start, 2)).rejects.toThrow("no memory for a thread");
    expect(bench.ended.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
