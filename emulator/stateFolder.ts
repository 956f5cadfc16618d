import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import tls from "node:tls";
import Database from "libsql";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { authorityFile, type EnvironmentFiles } from "./environment.js";
import { openStore, type Store } from "./platform/store.js";

/** How a running emulator is found: written when it listens, kept so that the next one takes the same port. */
export interface Announcement {
  readonly pid: number;
  readonly port: number;
  /** Proves to the control route that the caller may read the state folder. */
  readonly token: string;
}

/**
 * The folder that holds all of an emulator's state, and the only place anything is written: mode 0700, its files 0600.
 */
export interface StateFolder {
  readonly path: string;
  readonly files: EnvironmentFiles;
  readonly storageFolder: string;
  openStore(): Store;
  /** Takes the right to run the emulator on this folder; undefined when another process has it. */
  claim(): Claim | undefined;
  announcement(): Announcement | undefined;
  announce(announcement: Announcement): void;
  /** Writes the private authority's certificate where the environment points to. */
  writeCertificates(authorityPem: string): void;
  remove(): void;
}

/** Held for the life of the owning process; the operating system gives it back when the process is killed. */
export interface Claim {
  release(): void;
}

/** Opens the folder, making it where it is missing. */
export function openStateFolder(folder: string): StateFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const inner of ["azure", path.join("pulumi", "state"), "storage"]) {
      mkdirSync(path.join(folder, inner), { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    throw new ProgramError(exitCodes.unavailable, `The state folder ${folder} cannot be used: ${String(error)}`, {
      cure: "Make the folder writable, or set SYNAPSE_BATCH_HOME to another one.",
      cause: error,
    });
  }
  const at = (name: string) => path.join(folder, name);
  const writePrivately = (name: string, content: string | Buffer) => {
    writeFileSync(at(name), content, { mode: 0o600 });
    chmodSync(at(name), 0o600);
  };
  const files = { authority: at(authorityFile), bundle: at("certificates.pem"), folder };
  return {
    path: folder,
    files,
    storageFolder: at("storage"),
    openStore() {
      if (!existsSync(at("key"))) writePrivately("key", randomBytes(32));
      if (!existsSync(at("state.sqlite"))) writePrivately("state.sqlite", "");
      return openStore(at("state.sqlite"), readFileSync(at("key")));
    },
    claim: () => claim(at("owner.sqlite")),
    announcement() {
      try {
        return JSON.parse(readFileSync(at("running.json"), "utf8")) as Announcement;
      } catch {
        return undefined;
      }
    },
    announce: (announcement) => writePrivately("running.json", JSON.stringify(announcement)),
    writeCertificates(authorityPem) {
      writePrivately(authorityFile, authorityPem);
      writePrivately("certificates.pem", [authorityPem.trim(), ...tls.rootCertificates, ""].join("\n"));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A database's exclusive lock, because it is taken in one step and never outlives its process, as a pid file does. */
function claim(file: string): Claim | undefined {
  const database = new Database(file);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch {
    database.close();
    return undefined;
  }
  return {
    release() {
      database.exec("ROLLBACK");
      database.close();
    },
  };
}
