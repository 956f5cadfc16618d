import stringWidth from "string-width";

/** Between two columns. */
export const gap = "  ";

/** Rows as lines of aligned columns, each as wide as its widest cell; of a given width, cells that are wider are cut. */
export function alignedRows(
  rows: readonly (readonly string[])[],
  widths: readonly number[] = columnWidths(rows),
): string[] {
  return rows.map((cells) => cells.map((cell, column) => pad(cell, widths[column] ?? 0)).join(gap));
}

/** The width of each column on a terminal: that of its widest cell. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => stringWidth(cells[column] ?? ""))));
}

/** The text, filled up with blanks or cut to so many columns. */
function pad(text: string, columns: number): string {
  let cut = text;
  while (stringWidth(cut) > columns) cut = `${[...cut.replace(/…$/, "")].slice(0, -1).join("")}…`;
  return cut + " ".repeat(columns - stringWidth(cut));
}
