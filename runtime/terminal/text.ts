import stringWidth from "string-width";

/** Made when it is first needed, because making it takes 10 ms. */
let segmenter: Intl.Segmenter | undefined;

/** Bars and signs, one column each: the library is slow at everything beyond ASCII. */
const drawn = /[\u2588-\u258F✓✗●■·…]/g;

/** How many columns the text fills on a terminal; colour sequences fill none. */
export function columnsOf(text: string): number {
  return stringWidth(text.replace(drawn, "x"));
}

/** The text, cut to at most `columns` columns; a cut is shown by `…`. */
export function truncate(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let result = "";
  let used = 0;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) {
    const next = columnsOf(segment);
    if (used + next > columns - 1) break;
    result += segment;
    used += next;
  }
  return columns < 1 ? "" : `${result}…`;
}

/** The text, filled up with blanks (or cut) to exactly `columns` columns. */
export function pad(text: string, columns: number): string {
  const cut = truncate(text, columns);
  return cut + " ".repeat(Math.max(0, columns - columnsOf(cut)));
}

/** Text of a service on one line, without the control characters that could drive the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
