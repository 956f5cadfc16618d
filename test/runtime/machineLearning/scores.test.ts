import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { OutputFile } from "../../../runtime/machineLearning/outputFile.js";
import { readScores, type ScoreFiles } from "../../../runtime/machineLearning/readScores.js";
import { ScoreReader, type ScoreRow, scoreRow } from "../../../runtime/machineLearning/scores.js";

/** The rows of a file that comes in pieces of so many bytes. */
function rowsOf(text: string, size = 1_000_000): ScoreRow[] {
  const reader = new ScoreReader();
  const cells = [...pieces(text, size)].flatMap((piece) => [...reader.push(piece)]);
  return [...cells, ...reader.end()].map(scoreRow);
}

function* pieces(text: string, size: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* asked(text: string, size = 1_000_000): AsyncGenerator<Uint8Array> {
  yield* pieces(text, size);
}

const summaryOf = async (text: string, files: ScoreFiles = {}) => readScores(asked(text, 7), files, 2);

function folder(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), "scores-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

describe("predictions.csv", () => {
  const text =
    '2 "2019-03-23 20:21:09" "Lenox Hill West" São 1.6 7.0 7.5\n1 "2019-03-04 16:11:55" "Say ""hi""\nto" X   5.25\n';

  it.each([1, 2, 3, 5, 17, 60, 1000])(
    "has no header, blanks between values, quotes round values with blanks, nothing for a missing value: in pieces of %i bytes",
    (size) => {
      expect(rowsOf(text, size)).toEqual([
        {
          row: 2,
          pickup: "2019-03-23 20:21:09",
          pickup_zone: "Lenox Hill West",
          dropoff_zone: "São",
          distance: 1.6,
          fare: 7,
          predicted_fare: 7.5,
        },
        {
          row: 1,
          pickup: "2019-03-04 16:11:55",
          pickup_zone: 'Say "hi"\nto',
          dropoff_zone: "X",
          distance: null,
          fare: null,
          predicted_fare: 5.25,
        },
      ]);
    },
  );

  it("may be empty, and may end without a line end or with CRLF", () => {
    expect(rowsOf("")).toEqual([]);
    expect(rowsOf("1 a b c 1 2 3")).toHaveLength(1);
    for (const size of [1, 4, 100]) expect(rowsOf("1 a b c 1 2 3\r\n2 a b c 1 2 3\r\n", size)).toHaveLength(2);
  });

  it.each([
    ["too few cells", "1 a b c 1 2 3\n2 a b c 1 2\n3 a b c 1 2 3\n"],
    ["too many cells", "1 a b c 1 2 3 4\n"],
    ["commas", "1,a,b,c,1,2,3\n"],
    ["a quote that is not closed", '1 "a b c 1 2 3\n2 a b c 1 2 3\n'],
    ["a header", "row pickup pickup_zone dropoff_zone distance fare predicted_fare\n"],
  ])("with %s is refused, never half read", async (_what, bad) => {
    for (const size of [1, 1000]) {
      expect(() => rowsOf(bad, size)).toThrow(/the scores are not of the form row pickup/);
    }
    expect((await summaryOf(bad)).refusal).toMatchObject({ exitCode: 1 });
  });

  it("with a quote that is not closed is refused with the line that it comes after", () => {
    expect(() => rowsOf('1 a"b c"d c 1 2 3\n2 a b c 1 2 3\n3 a" b c 1 2 3\n4 a b c" 1 2 3\n')).toThrow(
      /: a quote after line 0 is out of place$/,
    );
    expect(() => rowsOf('1 "a b c 1 2 3\n2 a b c 1 2 3\n')).toThrow(/a quote after line 0 is not closed$/);
  });

  it("with a quote that is never closed is refused before it fills the memory", () => {
    const reader = new ScoreReader();
    const piece = Buffer.from("a\n".repeat(300_000));
    expect(() => {
      expect([...reader.push(Buffer.from('1 "'))]).toEqual([]);
      for (let count = 0; count < 10; count += 1) expect([...reader.push(piece)]).toEqual([]);
    }).toThrow(/line 1 does not end/);
  });
});

describe("the summary of scores", () => {
  it("has the first rows of the input, whatever the order of the file", async () => {
    const { summary } = await summaryOf("9 a b c 1 2 3\n2 a b c 1 2 4\n7 a b c 1 2 5\n1 a b c 1 2 6\n");
    expect(summary.first.map(({ row }) => row)).toEqual([1, 2]);
    expect([summary.rows, summary.fares]).toMatchObject([4, { least: 3, median: 4.5, most: 6 }]);
  });

  it("counts for the error against the known fares only rows that have one", async () => {
    const { summary } = await summaryOf("1 a b c 1 10 13\n2 a b c 1  99\n3 a b c 1 10 6\n");
    expect(summary.errors).toEqual({ known: 2, meanAbsoluteError: 3.5, rootMeanSquareError: Math.sqrt(12.5) });
    expect((await summaryOf("1 a b c 1  99\n")).summary.errors).toBeUndefined();
  });
});

describe("files of scores", () => {
  const text = '2 "a, b" "say ""hi""" São 1.60 7.0 7.50\r\n1 p "q r" X   5.25\r\n';

  it("are the service's bytes, and CSV with a header and each cell as it stands there, in the same order", async () => {
    const at = folder();
    const files = { bytes: new OutputFile("--out", "o", at), csv: new OutputFile("--csv", "c.csv", at) };
    await summaryOf(text, files);
    expect(readFileSync(path.join(at, "o"), "utf8")).toBe(text);
    expect(readFileSync(path.join(at, "c.csv"), "utf8").split("\n")).toEqual([
      "row,pickup,pickup_zone,dropoff_zone,distance,fare,predicted_fare",
      '2,"a, b","say ""hi""",São,1.60,7.0,7.50',
      "1,p,q r,X,,,5.25",
      "",
    ]);
  });

  it("keep bytes that are no scores whole, and then no CSV", async () => {
    const at = folder();
    const files = { bytes: new OutputFile("--out", "o", at), csv: new OutputFile("--csv", "c.csv", at) };
    const other = `1 a b c 1 2 3\n${"no scores\n".repeat(5)}`;
    await summaryOf(other, files);
    expect(readFileSync(path.join(at, "o"), "utf8")).toBe(other);
    expect(existsSync(path.join(at, "c.csv"))).toBe(false);
  });

  it("are taken away where the download breaks off", async () => {
    const at = folder();
    const files = { bytes: new OutputFile("--out", "o", at), csv: new OutputFile("--csv", "c.csv", at) };
    await expect(readScores(broken(), files, 2)).rejects.toThrow("cut");
    expect([existsSync(path.join(at, "o")), existsSync(path.join(at, "c.csv"))]).toEqual([false, false]);
  });

  async function* broken() {
    yield Buffer.from("1 a b c 1 2 3\n");
    throw new Error("cut");
  }

  it("leave an earlier file as it was until the new one is whole: where the download breaks off, and where it is no scores", async () => {
    const at = folder();
    const earlier = { bytes: path.join(at, "o"), csv: path.join(at, "c.csv") };
    for (const file of Object.values(earlier)) writeFileSync(file, "of an earlier run");
    const files = () => ({ bytes: new OutputFile("--out", "o", at), csv: new OutputFile("--csv", "c.csv", at) });
    await expect(readScores(broken(), files(), 2)).rejects.toThrow("cut");
    const texts = Object.values(earlier).map((file) => readFileSync(file, "utf8"));
    expect(texts).toEqual(["of an earlier run", "of an earlier run"]);
    await summaryOf("no scores\n", files());
    expect(readFileSync(earlier.bytes, "utf8")).toBe("no scores\n");
    expect(readFileSync(earlier.csv, "utf8")).toBe("of an earlier run");
    expect(readdirSync(at).sort()).toEqual(["c.csv", "o"]);
  });

  it("take the place of an earlier one with its rights, also by a link, which stays one", async () => {
    const at = folder();
    const file = path.join(at, "kept");
    writeFileSync(file, "of an earlier run");
    chmodSync(file, 0o600);
    symlinkSync("kept", path.join(at, "link"));
    await summaryOf(text, { bytes: new OutputFile("--out", "link", at) });
    expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual([text, 0o600]);
    expect(lstatSync(path.join(at, "link")).isSymbolicLink()).toBe(true);
  });

  it("go into what the shell has opened, where that is named: nothing else is made or deleted", async () => {
    const file = path.join(folder(), "redirected");
    const descriptor = openSync(file, "w");
    onTestFinished(() => closeSync(descriptor));
    await expect(
      readScores(broken(), { bytes: new OutputFile("--out", `/dev/fd/${descriptor}`, "/") }, 2),
    ).rejects.toThrow();
    await summaryOf(text, { bytes: new OutputFile("--out", `/dev/fd/${descriptor}`, "/") });
    expect(readFileSync(file, "utf8")).toBe(text);
    expect([fstatSync(descriptor).ino, readdirSync(path.dirname(file))]).toEqual([statSync(file).ino, ["redirected"]]);
  });

  it("in a folder that is not there are a wrong call", async () => {
    const files = { csv: new OutputFile("--csv", "no/c.csv", folder()) };
    await expect(summaryOf(text, files)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("--csv no/c.csv cannot be written: ENOENT"),
      cure: expect.stringContaining("a folder that is there"),
    });
  });
});
