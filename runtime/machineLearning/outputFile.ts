import { access, constants, type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";

/** `part` takes the place of `file` once it is whole; without it, what is open is the named thing itself. */
interface Opened {
  readonly handle: FileHandle;
  readonly replacement?: { readonly part: string; readonly file: string };
}

/** A file that an option names and that is written piece by piece; an earlier one stays until the new one is whole. */
export class OutputFile {
  readonly #option: string;
  readonly #name: string;
  readonly #path: string;
  #opened: Opened | undefined;

  /** `option` is the one that names the file; a relative name starts at `directory`. */
  constructor(option: string, name: string, directory: string) {
    this.#option = option;
    this.#name = name;
    this.#path = path.resolve(directory, name);
  }

  /** Rejects with exit code 2 where the file cannot be written. */
  async write(piece: Uint8Array | string): Promise<void> {
    await this.#usable(async () => {
      this.#opened ??= await opened(this.#path);
      await this.#opened.handle.writeFile(piece);
    });
  }

  /** Puts the file into its place; one that is not whole is deleted, so that nobody takes it for all the scores. Rejects as `write` does. */
  async close({ isWhole }: { readonly isWhole: boolean }): Promise<void> {
    if (this.#opened === undefined) return;
    const { handle, replacement } = this.#opened;
    await handle.close();
    if (replacement === undefined) return;
    const { part, file } = replacement;
    if (isWhole) await this.#usable(() => rename(part, file));
    else await rm(part, { force: true });
  }

  async #usable(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      throw new ProgramError(exitCodes.usage, `${this.#option} ${this.#name} cannot be written: ${messageOf(thrown)}`, {
        cause: thrown,
        cure: `name a file in a folder that is there and may be written: ${this.#option} <file>`,
      });
    }
  }
}

async function opened(named: string): Promise<Opened> {
  // what the shell has opened for the command, a regular file too, has no place to be put into
  if (/^\/(dev|proc)\//.test(named)) return { handle: await open(named, "w") };
  const file = await realpath(named).catch(() => named);
  const present = await stat(file).catch(() => undefined);
  if (present !== undefined && !present.isFile()) return { handle: await open(file, "w") };
  if (present !== undefined) await access(file, constants.W_OK);
  const part = `${file}.${process.pid}.part`;
  const handle = await open(part, "w");
  if (present !== undefined) await handle.chmod(present.mode);
  return { handle, replacement: { part, file } };
}
