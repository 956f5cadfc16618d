import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import tls from "node:tls";
import { exitCodes, messageOf, ProgramError } from "../contract/errors.js";
import { type ExclusiveFile, takeFile } from "../contract/exclusiveFile.js";
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
  /** Opens the store for the time of the work. */
  withStore<T>(work: (store: Store) => T): T;
  /** Takes the right to run the emulator on this folder; undefined when another process has it. */
  claim(): Claim | undefined;
  /** Takes the right to change the stack that is deployed here; undefined when another process has it. */
  claimStack(): Claim | undefined;
  announcement(): Announcement | undefined;
  announce(announcement: Announcement): void;
  /** Writes the private authority's certificate where the environment points to. */
  writeCertificates(authorityPem: string): void;
  remove(): void;
}

/** Held for the life of the owning process; the operating system gives it back when the process is killed. */
export type Claim = ExclusiveFile;

/** Opens the folder, making it where it is missing; refuses a folder that holds anything else. */
export function openStateFolder(folder: string): StateFolder {
  try {
    makeFolder(folder);
    if (!existsSync(path.join(folder, marker)) && readdirSync(folder).length > 0) {
      throw new Error("it holds files that are not the emulator's");
    }
    writeFileSync(path.join(folder, marker), "The state of a local emulator; npm run emulator -- reset deletes it.\n");
    for (const inner of ["azure", "pulumi", path.join("pulumi", "state"), "storage"]) {
      makeFolder(path.join(folder, inner));
    }
  } catch (error) {
    throw new ProgramError(exitCodes.unavailable, `The state folder ${folder} cannot be used: ${messageOf(error)}`, {
      cure: "Set SYNAPSE_BATCH_HOME to a folder of its own that can be written to, or leave it unset.",
      cause: error,
    });
  }
  const at = (name: string) => path.join(folder, name);
  const writePrivately = (name: string, content: string | Buffer) => {
    writeFileSync(at(name), content, { mode: 0o600 });
    chmodSync(at(name), 0o600);
  };
  const claimOf = (name: string) => {
    if (!existsSync(at(name))) writePrivately(name, "");
    return claim(at(name));
  };
  const files = { authority: at(authorityFile), bundle: at("certificates.pem"), folder };
  const state: StateFolder = {
    path: folder,
    files,
    storageFolder: at("storage"),
    openStore() {
      if (!existsSync(at("key"))) writePrivately("key", randomBytes(32));
      if (!existsSync(at("state.sqlite"))) writePrivately("state.sqlite", "");
      try {
        return openStore(at("state.sqlite"), readFileSync(at("key")));
      } catch (error) {
        throw new ProgramError(exitCodes.unavailable, `${at("state.sqlite")} cannot be used: ${messageOf(error)}`, {
          cure: "Make it readable and writable, or start anew: npm run emulator -- reset",
          cause: error,
        });
      }
    },
    withStore(work) {
      const store = state.openStore();
      try {
        return work(store);
      } finally {
        store.close();
      }
    },
    claim: () => claimOf("owner.sqlite"),
    claimStack: () => claimOf("stack.sqlite"),
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
  return state;
}

/** Shows that a folder is ours, to be deleted as a whole. */
const marker = ".synapse-batch-state";

/** Node's own recursive mkdir never ends where a parent takes no folders (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (path.dirname(folder) !== folder) makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function claim(file: string): Claim | undefined {
  try {
    return takeFile(file);
  } catch (error) {
    throw new ProgramError(exitCodes.unavailable, `${file} cannot be used: ${messageOf(error)}`, {
      cure: "Make the state folder and its files writable.",
      cause: error,
    });
  }
}
