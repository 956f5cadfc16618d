import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTable } from "../../contract/table.js";

const read = (text: string) => readTable(Buffer.from(text));

describe("a CSV file", () => {
  it("is read with quotes, commas, line ends and letters of any script in its cells", () => {
    const text = '\uFEFFa,b\r\n"x, ""y""","1\n2"\r\n\r\nÉlysée,\r\n';
    expect(read(text)).toEqual({
      header: ["a", "b"],
      rows: [
        ['x, "y"', "1\n2"],
        ["Élysée", ""],
      ],
    });
  });

  it("is read as any CSV writer wrote it", () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "é", "😀") });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 }), (rows) => {
        const text = stringify([["a", "b"], ...rows], { quoted: true });
        expect(read(text).rows).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["", "The file is empty"],
    ["a,b\n", "a header and no rows"],
    ["a,b,a\n1,2,3\n", "names the column 'a' twice"],
    ["a,b\n1,2\n1\n", "Row 2 has 1 cells where the header names 2 columns"],
    ["a,b\n1,2,3\n", "Row 1 has 3 cells"],
    ['a,b\n1,"2\n', "Row 1 has a quote"],
    ['a,b\n1,x"y\n', "Row 1 has a quote"],
    ['a,"b\n1,2\n', "The header has a quote that is not closed or stands inside a value."],
    ["a,b\r1,2\r", "The header has a carriage return without a line feed: lines end with LF or CRLF."],
    ['a,b\r"1",2\r', "The header has a carriage return without a line feed"],
    ["a,b\n1,2\n3,4\r5,6\n", "Row 2 has a carriage return without a line feed: lines end with LF or CRLF."],
    ['a,b\n1,2\n"3",4\r"5",6\n', "Row 2 has a carriage return"],
    ['a,b\n1,2\n3,"4\r5\n', "Row 2 has a quote"],
  ])("that reads %j is refused: %s", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("that is not UTF-8 is refused", () => {
    expect(() => readTable(Uint8Array.of(0x61, 0xff, 0x0a))).toThrow("not UTF-8");
  });
});
