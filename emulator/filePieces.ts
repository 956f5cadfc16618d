import { closeSync, openSync, readSync } from "node:fs";

const pieceBytes = 256 * 1024;

/** A file's bytes in memory that is used again for each piece: the file may be larger than memory. Throws as `fs` does. */
export function* filePieces(file: string): Generator<Uint8Array> {
  const piece = new Uint8Array(pieceBytes);
  const opened = openSync(file, "r");
  try {
    for (let length = readSync(opened, piece); length > 0; length = readSync(opened, piece)) {
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(opened);
  }
}
