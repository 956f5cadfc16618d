import { stripVTControlCharacters } from "node:util";
import type { Terminal } from "./terminal.js";
import { columnsOf } from "./text.js";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const eraseLineEnd = "\u001b[K";
const eraseBelow = "\u001b[J";

/** The last lines of the terminal, rewritten in place: one write a frame, over the old text, so nothing flickers. */
export class LiveArea {
  readonly #terminal: Terminal;
  readonly #size: { readonly columns: number };
  #drawn: readonly string[] = [];

  /** `size` is read at each frame: the window may change meanwhile. */
  constructor(terminal: Terminal, size: { readonly columns: number }) {
    this.#terminal = terminal;
    this.#size = size;
  }

  draw(lines: readonly string[]): void {
    const body = lines.map((line) => `${line}${eraseLineEnd}\n`).join("");
    this.#terminal.draw(`${hideCursor}${this.#home()}${body}${eraseBelow}`);
    this.#drawn = lines;
  }

  /** Takes the lines away and gives the cursor back. */
  clear(): void {
    this.#terminal.draw(`${this.#home()}${eraseBelow}${showCursor}`);
    this.#drawn = [];
  }

  /** To the first line of the last frame; a line that a narrower window has wrapped counts for what it fills now. */
  #home(): string {
    const rows = this.#drawn.map((line) => {
      const columns = columnsOf(stripVTControlCharacters(line));
      return Math.max(1, Math.ceil(columns / Math.max(1, this.#size.columns)));
    });
    const height = rows.reduce((sum, count) => sum + count, 0);
    return height === 0 ? "\r" : `\u001b[${height}A\r`;
  }
}
