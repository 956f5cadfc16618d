import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { requiredTripColumns } from "../../contract/trips.js";
import { checkTripFile } from "../../emulator/tripFile.js";

const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string): string {
  const name = path.join(folder, "trips.csv");
  writeFileSync(name, content);
  return name;
}

function refusalOf(content: string): ProgramError {
  try {
    checkTripFile(file(content));
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

const header = requiredTripColumns.join(",");
const row = header.replace(/[^,]+/g, "");

describe("a user's file", () => {
  it("is accepted with the required columns in any order, with a byte order mark, without the known fare", () => {
    const reversed = [...requiredTripColumns].reverse().join(",");
    const name = file(`\uFEFF${reversed}\r\n${row}\r\n`);
    expect(checkTripFile(name)).toBe(name);
  });

  it("that lacks columns is refused with their names before anything starts", () => {
    const refusal = refusalOf(`${header.replace("distance,", "").replace(",color", ",colour")}\n${row.slice(1)}\n`);
    expect(refusal.exitCode).toBe(exitCodes.usage);
    expect(refusal.message).toContain("lacks the columns distance, color.");
  });

  it("that is empty, or has a header alone, is refused", () => {
    expect(refusalOf("").message).toContain("The file is empty");
    expect(refusalOf(`${header}\n`).message).toContain("no rows");
  });

  it("whose values are separated by semicolons is refused with that reason", () => {
    const refusal = refusalOf(`${header}\n${row}\n`.replaceAll(",", ";"));
    expect(refusal.message).toContain("lacks the columns pickup");
    expect(refusal.cure).toContain("separated by something else than commas");
  });

  it.each([
    ["a value that is no time", header, row.replace(/^/, "yesterday"), "Row 1: pickup is 'yesterday'"],
    ["a row that is too short", header, "1,2", "Row 1 has 2 cells"],
    ["an open quote", header, `"${row}`, "a quote that is not closed"],
  ])("with %s is refused with the row", (_what, first, second, sentence) => {
    expect(refusalOf(`${first}\n${second}\n`).message).toContain(sentence);
  });

  it("that is not UTF-8 is refused", () => {
    const name = path.join(folder, "latin.csv");
    writeFileSync(name, Buffer.from(`${header}\n${row.replace(/,$/, ",Am\u00e9ricas")}\n`, "latin1"));
    expect(() => checkTripFile(name)).toThrow("not UTF-8");
  });

  it("that is not there, or is a folder, is refused with that reason", () => {
    expect(() => checkTripFile(folder)).toThrow(/EISDIR/);
    const nowhere = path.join(folder, "nowhere.csv");
    expect(() => checkTripFile(nowhere)).toThrow(`cannot be read: there is no file ${nowhere}`);
  });
});
