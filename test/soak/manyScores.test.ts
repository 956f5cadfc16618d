import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { readScores } from "../../runtime/machineLearning/readScores.js";

const rows = 1_000_000;
const pieceRows = 50_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it(`scores of ${rows} rows are read in the memory of a piece, however many there are`, async () => {
  const before = heldBytes();
  const held: number[] = [];
  async function* pieces() {
    for (let first = 1; first <= rows; first += pieceRows) {
      const lines = Array.from({ length: pieceRows }, (_, index) => {
        const row = first + index;
        return `${row} "2019-03-23 20:21:09" "Lenox Hill West" Midtown 1.6 7.0 ${((row % 9_000) / 100).toFixed(2)}\n`;
      });
      yield Buffer.from(lines.join(""));
      held.push(heldBytes() - before);
    }
  }
  const { summary, refusal } = await readScores(pieces(), {}, 5);
  expect(refusal).toBeUndefined();
  expect(summary.rows).toBe(rows);
  expect(summary.first.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
  expect(summary.fares).toMatchObject({ least: 0, median: 44.95, most: 89.99, exact: true });
  expect(Math.max(...held)).toBeLessThan(32 * 2 ** 20);
});
