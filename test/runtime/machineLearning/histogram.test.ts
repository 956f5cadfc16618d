import { describe, expect, it } from "vitest";
import { Tally } from "../../../runtime/machineLearning/histogram.js";
import { bar, timeBar } from "../../../runtime/terminal/bar.js";
import { histogramLines } from "../../../runtime/terminal/histogramLines.js";
import { columnsOf } from "../../../runtime/terminal/text.js";

function tallyOf(values: readonly number[], most?: number): Tally {
  const tally = new Tally(most);
  for (const value of values) tally.add(value);
  return tally;
}

describe("a histogram", () => {
  it("counts every value once, in bins of a round width", () => {
    const values = Array.from({ length: 101 }, (_, index) => index / 2);
    const bins = tallyOf(values).histogram();
    expect(bins.map(({ from }) => from)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(101);
  });

  it("has one bin for equal values and none for no values", () => {
    expect(tallyOf([7, 7]).histogram()).toEqual([{ from: 7, to: 8, count: 2 }]);
    expect(tallyOf([]).histogram()).toEqual([]);
  });

  it("is drawn to scale, as wide as there is room for", () => {
    const bins = [
      { from: 0, to: 10, count: 8 },
      { from: 10, to: 20, count: 4 },
      { from: 20, to: 30, count: 0 },
    ];
    const label = (value: number) => `$${value}`;
    expect(histogramLines(bins, 29, label)).toEqual([
      " $0 to $10  8  ██████████████",
      "$10 to $20  4  ███████",
      "$20 to $30  0",
    ]);
    for (const line of histogramLines(bins, 40, label)) expect(columnsOf(line)).toBeLessThanOrEqual(40);
  });
});

describe("a spread", () => {
  it("has least, median, mean and most", () => {
    expect(tallyOf([4, 1, 3, 2]).spread()).toEqual({ least: 1, median: 2.5, mean: 2.5, most: 4, exact: true });
    expect(tallyOf([9, 1, 2]).spread()).toMatchObject({ median: 2, mean: 4 });
    expect(tallyOf([3, 3, 3, 8]).spread()).toMatchObject({ median: 3, mean: 4.25 });
    expect(tallyOf([]).spread()).toBeUndefined();
  });

  it("of more different values than are kept says that its median is rounded; least, mean, most and count stay exact", () => {
    const values = Array.from({ length: 5_000 }, (_, index) => (10_000 + ((index * 37) % 5_000)) / 1_000);
    const kept = tallyOf(values, 600);
    const { median = 0, ...rest } = kept.spread() ?? {};
    expect(rest).toEqual({ least: 10, mean: expect.closeTo(12.4995, 9), most: 14.999, exact: false });
    expect(Math.abs(median - 12.4995)).toBeLessThanOrEqual(0.01);
    const exact = tallyOf(values).histogram();
    expect(kept.histogram().map(({ from, to }) => [from, to])).toEqual(exact.map(({ from, to }) => [from, to]));
    expect(kept.histogram().reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  });
});

describe("a bar", () => {
  it("is as long as its share to an eighth of a column, and never quite nothing", () => {
    expect([bar(1, 4), bar(0.5, 4), bar(0.28, 4), bar(0.0001, 4), bar(0, 4)]).toEqual(["████", "██", "█▏", "▏", ""]);
  });

  it("of a time stands where it was, and fills its columns exactly", () => {
    const frame = { from: 0, to: 100 };
    expect(timeBar([{ from: 50, to: 100 }], frame, 8)).toBe("    ████");
    expect(
      timeBar(
        [
          { from: 0, to: 25 },
          { from: 75, to: 75 },
        ],
        frame,
        8,
      ),
    ).toBe("██    ▏ ");
    expect(timeBar([{ from: 90, to: 500 }], frame, 8)).toHaveLength(8);
    expect(timeBar([], { from: 5, to: 5 }, 3)).toBe("   ");
  });
});
