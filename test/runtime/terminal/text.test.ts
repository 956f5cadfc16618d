import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../runtime/terminal/duration.js";
import { tableLines } from "../../../runtime/terminal/table.js";
import { columnsOf, pad, printable, truncate } from "../../../runtime/terminal/text.js";

describe("the width of a text", () => {
  it.each([
    ["abc", 3],
    ["データ", 6],
    ["한국", 4],
    ["e\u0301", 1],
    ["Zürich", 6],
    ["🚕", 2],
    ["👩‍💻", 2],
    ["a\u200bb", 2],
    ["", 0],
  ])("%j fills %i columns", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  it("is kept when it is cut, and no character is cut in two", () => {
    expect(truncate("データセット", 6)).toBe("デー…");
    expect(truncate("abcdef", 6)).toBe("abcdef");
    expect(truncate("abcdefg", 6)).toBe("abcde…");
    expect(truncate("abc", 0)).toBe("");
    expect(columnsOf(pad("データ", 5))).toBe(5);
  });
});

describe("a printable text", () => {
  it("is one line without control characters", () => {
    expect(printable(" a\r\nb\u001b[31mc\u2028d\t ")).toBe("a b [31mc d");
  });
});

describe("a table", () => {
  it("is aligned by columns of the terminal and cut at its width", () => {
    expect(tableLines([["名前", "x"], ["a", "yyyyyyyyyy"], []], 12)).toEqual(["名前  x", "a     yyyyy…", ""]);
  });
});

describe("durations", () => {
  it.each([
    [0, "0.0s"],
    [449, "0.4s"],
    [59_949, "59.9s"],
    [59_960, "1m 00s"],
    [245_000, "4m 05s"],
    [3_599_600, "1h 00m"],
    [7_380_000, "2h 03m"],
    [442_800_000, "5d 03h"],
    [-5, "0.0s"],
  ])("%i ms is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    ["90", undefined],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["2d", 172_800_000],
    ["0", undefined],
    ["-1s", undefined],
    ["soon", undefined],
    ["5 weeks", undefined],
  ])("%s is %s ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
});
