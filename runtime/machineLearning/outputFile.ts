import { type FileHandle, open, rm } from "node:fs/promises";
import path from "node:path";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";

/** A file that an option names and that is written piece by piece; it is made when the first piece comes. */
export class OutputFile {
  readonly #option: string;
  readonly #name: string;
  readonly #path: string;
  #handle: FileHandle | undefined;

  /** `option` is the one that names the file; a relative name starts at `directory`. */
  constructor(option: string, name: string, directory: string) {
    this.#option = option;
    this.#name = name;
    this.#path = path.resolve(directory, name);
  }

  /** Rejects with exit code 2 where the file cannot be written. */
  async write(piece: Uint8Array | string): Promise<void> {
    try {
      this.#handle ??= await open(this.#path, "w");
      await this.#handle.writeFile(piece);
    } catch (thrown) {
      throw new ProgramError(exitCodes.usage, `${this.#option} ${this.#name} cannot be written: ${messageOf(thrown)}`, {
        cause: thrown,
        cure: `name a file in a folder that is there and may be written: ${this.#option} <file>`,
      });
    }
  }

  /** Closes the file; one that is not whole is deleted, so that nobody takes it for all the scores. */
  async close({ isWhole }: { readonly isWhole: boolean }): Promise<void> {
    const isFile = (await this.#handle?.stat())?.isFile();
    await this.#handle?.close();
    if (isFile && !isWhole) await rm(this.#path, { force: true });
  }
}
