import { columnsOf, pad, truncate } from "./text.js";

const gap = 2;

/** Rows as lines of aligned columns no wider than `width`; the last column takes what is left and is cut there. */
export function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => columnsOf(row[column] ?? ""))),
  );
  return rows.map((row) => {
    const line = row.map((cell, column) => (column === row.length - 1 ? cell : pad(cell, (widths[column] ?? 0) + gap)));
    return truncate(line.join(""), width).trimEnd();
  });
}
