import { describe, expect, it } from "vitest";
import { parseScores, scoreErrors } from "../../../runtime/machineLearning/scores.js";

describe("predictions.csv", () => {
  it("has no header, blanks between values, quotes round values with blanks, nothing for a missing value", () => {
    const text =
      '2 "2019-03-23 20:21:09" "Lenox Hill West" São 1.6 7.0 7.5\n1 "2019-03-04 16:11:55" "Say ""hi""" X   5.25\n';
    expect(parseScores(text)).toEqual([
      {
        row: 1,
        pickup: "2019-03-04 16:11:55",
        pickup_zone: 'Say "hi"',
        dropoff_zone: "X",
        distance: null,
        fare: null,
        predicted_fare: 5.25,
      },
      {
        row: 2,
        pickup: "2019-03-23 20:21:09",
        pickup_zone: "Lenox Hill West",
        dropoff_zone: "São",
        distance: 1.6,
        fare: 7,
        predicted_fare: 7.5,
      },
    ]);
  });

  it("may be empty, and may end without a line end or with CRLF", () => {
    expect(parseScores("")).toEqual([]);
    expect(parseScores("1 a b c 1 2 3")).toHaveLength(1);
    expect(parseScores("1 a b c 1 2 3\r\n2 a b c 1 2 3\r\n")).toHaveLength(2);
  });

  it.each([
    ["too few cells", "1 a b c 1 2 3\n2 a b c 1 2\n3 a b c 1 2 3\n"],
    ["too many cells", "1 a b c 1 2 3 4\n"],
    ["commas", "1,a,b,c,1,2,3\n"],
    ["a header", "row pickup pickup_zone dropoff_zone distance fare predicted_fare\n"],
  ])("with %s is refused, never half read", (_what, text) => {
    expect(() => parseScores(text)).toThrow(/the scores are not of the form row pickup/);
  });
});

describe("the error against the known fares", () => {
  it("counts only rows that have one", () => {
    const rows = parseScores("1 a b c 1 10 13\n2 a b c 1  99\n3 a b c 1 10 6\n");
    expect(scoreErrors(rows)).toEqual({ known: 2, meanAbsoluteError: 3.5, rootMeanSquareError: Math.sqrt(12.5) });
  });

  it("is absent where no row has one", () => {
    expect(scoreErrors(parseScores("1 a b c 1  99\n"))).toBeUndefined();
  });
});
