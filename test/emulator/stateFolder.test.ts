import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openStateFolder } from "../../emulator/stateFolder.js";

const home = mkdtempSync(path.join(tmpdir(), "synapse-batch-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const modeOf = (file: string) => statSync(file).mode & 0o777;

describe("state folder", () => {
  it("is readable by its owner alone, like the key and the database in it", () => {
    const folder = openStateFolder(path.join(home, "state"));
    folder.openStore().close();
    folder.announce({ pid: 1, port: 2, token: "t" });
    folder.claim()?.release();
    folder.claimStack()?.release();
    expect(modeOf(folder.path)).toBe(0o700);
    for (const file of ["key", "state.sqlite", "running.json", "owner.sqlite", "stack.sqlite"])
      expect(modeOf(path.join(folder.path, file))).toBe(0o600);
  });

  it("is never a folder that holds anything else, and so reset leaves such a folder alone", () => {
    const foreign = path.join(home, "thesis");
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, "chapter.txt"), "years of work");
    expect(() => openStateFolder(foreign)).toThrow("it holds files that are not the emulator's");
    expect(readdirSync(foreign)).toEqual(["chapter.txt"]);
  });

  it("that cannot be made is refused at once", () => {
    expect(() => openStateFolder("/proc/nowhere/state")).toThrow("The state folder /proc/nowhere/state cannot be used");
  });

  it("with a damaged database is refused by the file's name, with the way out", () => {
    const folder = openStateFolder(path.join(home, "damaged"));
    writeFileSync(path.join(folder.path, "state.sqlite"), "this is no database, however long it may be ".repeat(100));
    expect(() => folder.openStore()).toThrow(/state\.sqlite cannot be used/);
  });

  it("keeps what is sealed unreadable without its key, and readable after it was opened again", () => {
    const folder = openStateFolder(path.join(home, "sealed"));
    const first = folder.openStore();
    first.migrate("test", ["CREATE TABLE kept (text TEXT)"]);
    first.run("INSERT INTO kept VALUES (?)", first.seal("a well-kept secret"));
    first.close();
    expect(readFileSync(path.join(folder.path, "state.sqlite"), "latin1")).not.toContain("well-kept");
    const second = openStateFolder(folder.path).openStore();
    expect(second.unseal(String(second.get("SELECT text FROM kept")?.["text"]))).toBe("a well-kept secret");
    second.close();
  });

  it("belongs to one claim at a time", () => {
    const folder = openStateFolder(path.join(home, "claimed"));
    const first = folder.claim();
    expect(first).toBeDefined();
    expect(folder.claim()).toBeUndefined();
    first?.release();
    const second = folder.claim();
    expect(second).toBeDefined();
    second?.release();
  });
});
