import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsOf, type TableChunk, TableCutter } from "../../contract/tableChunks.js";

const cut = (pieces: readonly Uint8Array[], chunkBytes?: number) => {
  const cutter = new TableCutter(chunkBytes);
  return [...pieces.flatMap((piece) => [...cutter.push(piece)]), ...cutter.end()];
};

/** What is cut, and why no more is, as whoever takes the chunks one by one sees it. */
function cutUntilRefused(pieces: Iterable<Uint8Array>): { chunks: TableChunk[]; message: string } {
  const cutter = new TableCutter(64);
  const chunks: TableChunk[] = [];
  try {
    for (const piece of pieces) for (const chunk of cutter.push(piece)) chunks.push(chunk);
    for (const chunk of cutter.end()) chunks.push(chunk);
  } catch (error) {
    return { chunks, message: String(error) };
  }
  return { chunks, message: "" };
}

describe("the chunks of a CSV file", () => {
  it("are whole rows that know their numbers, wherever its pieces end", () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "é", "😀") });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }), sizes, (rows, pieceSizes) => {
        const text = `\uFEFF${stringify([["a", "b"], ...rows])}`;
        const bytes = Buffer.from(text);
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = pieceSizes[pieces.length % pieceSizes.length] ?? 1;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        const chunks = cut(pieces, 16);
        expect(chunks.flatMap((chunk) => [...rowsOf(chunk)])).toEqual(rows);
        let next = 1;
        for (const chunk of chunks) {
          expect(chunk).toMatchObject({ header: ["a", "b"], firstRow: next });
          next += [...rowsOf(chunk)].length;
        }
      }),
      { numRuns: 100 },
    );
  });

  it("do not count blank lines", () => {
    const [first, second] = cut([Buffer.from("\n\r\na,b\n\n1,2\r\n\r\n3,4\n"), Buffer.from("\n5,6\n7,8")], 16);
    expect([first?.firstRow, [...(first ? rowsOf(first) : [])]]).toEqual([1, [["1", "2"]]]);
    expect(second?.firstRow).toBe(2);
  });

  it("have the names of a header whose first one is quoted after a byte order mark", () => {
    const [chunk] = cut([Buffer.from('\uFEFF"pickup","b"\n1,2\n')]);
    expect(chunk?.header).toEqual(["pickup", "b"]);
  });

  it("have memory of their own, which who takes them may give away", () => {
    const cutter = new TableCutter(16);
    const rows: string[][] = [];
    for (const chunk of cutter.push(Buffer.from("a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n"))) {
      rows.push(...rowsOf(chunk));
      structuredClone(chunk.bytes, { transfer: [chunk.bytes.buffer as ArrayBuffer] });
    }
    for (const chunk of cutter.end()) rows.push(...rowsOf(chunk));
    expect(rows.map(([a]) => a)).toEqual(["1", "3", "5", "7", "9"]);
  });

  it("end at a row whose quote is never closed, after the rows before it and without keeping what follows", () => {
    let taken = 0;
    function* pieces() {
      yield Buffer.from('a,b\n1,2\n3,"4\n');
      for (; taken < 100; taken += 1) yield Buffer.alloc(2 ** 20, "x,y\n");
    }
    const { chunks, message } = cutUntilRefused(pieces());
    expect(message).toContain("Row 2 does not end within 8 MB: a quote in it may not be closed.");
    expect(chunks.flatMap((chunk) => [...rowsOf(chunk)])).toEqual([["1", "2"]]);
    expect(taken).toBeLessThan(20);
  });

  it("end at a header that has other line ends than LF, and no quote is blamed", () => {
    const { message } = cutUntilRefused(Array.from({ length: 9 }, () => Buffer.alloc(2 ** 20, "x,y\r")));
    expect(message).toContain("The header does not end within 8 MB: lines end with LF or CRLF.");
  });

  it.each([
    ['a,b\n1,2\n3,4\n5,6\n7,8\n9,"10\n', "Row 5 has a quote"],
    ["a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11\n", "Row 6 has 1 cells"],
    ["a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11\r1,12\n", "Row 6 has a carriage return"],
  ])("name the bad row of %j", (text, message) => {
    expect(() => cut([Buffer.from(text)], 16).map((chunk) => [...rowsOf(chunk)])).toThrow(message);
  });
});
