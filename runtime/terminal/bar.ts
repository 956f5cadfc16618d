const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const whole = "█";

/** A bar of `share` (0 to 1) of `columns`, to an eighth of a column; something can always be seen of a share above 0. */
export function bar(share: number, columns: number): string {
  const parts = Math.round(Math.min(1, Math.max(0, share)) * columns * 8);
  const seen = share > 0 ? Math.max(1, parts) : 0;
  return whole.repeat(Math.floor(seen / 8)) + (eighths[seen % 8] ?? "");
}

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When something happened within `frame`, drawn to scale over exactly `columns` columns. */
export function timeBar(spans: readonly Span[], frame: Span, columns: number): string {
  const length = frame.to - frame.from;
  if (columns < 1 || !(length > 0)) return " ".repeat(Math.max(0, columns));
  const cells = Array.from({ length: columns }, () => " ");
  for (const { from, to } of spans) {
    const first = Math.min(columns - 1, Math.max(0, Math.floor(((from - frame.from) / length) * columns)));
    const last = Math.min(columns, ((to - frame.from) / length) * columns);
    for (const [index, glyph] of [...(bar((last - first) / columns, columns) || "▏")].entries()) {
      if (first + index < columns) cells[first + index] = glyph;
    }
  }
  return cells.join("");
}
