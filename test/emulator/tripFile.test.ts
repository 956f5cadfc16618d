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

describe("a user's file", () => {
  it("is accepted with the required columns in any order, with a byte order mark, without the known fare", () => {
    const reversed = [...requiredTripColumns].reverse().join(",");
    const name = file(`\uFEFF${reversed}\r\n1,2\r\n`);
    expect(checkTripFile(name)).toBe(name);
  });

  it("that lacks columns is refused with their names before anything starts", () => {
    const refusal = refusalOf(`${header.replace("distance,", "").replace(",color", ",colour")}\n1\n`);
    expect(refusal.exitCode).toBe(exitCodes.usage);
    expect(refusal.message).toContain("lacks the columns distance, color.");
  });

  it("that is empty, or has a header alone, is refused", () => {
    expect(refusalOf("").message).toContain("lacks the columns pickup");
    expect(refusalOf(`${header}\n`).message).toContain("no rows");
  });

  it("that is not there is refused with the system's own reason", () => {
    expect(() => checkTripFile(path.join(folder, "nowhere.csv"))).toThrow(/ENOENT/);
  });
});
