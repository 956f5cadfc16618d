const segmenter = new Intl.Segmenter();

/** Characters that fill two columns of a terminal: East Asian wide forms and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
const ascii = /^[ -~]*$/;
const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Cc}]+$/u;

/** How many columns the text fills on a terminal; it must hold no colour sequences. */
export function columnsOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (!invisible.test(segment)) columns += wide.test(segment) ? 2 : 1;
  }
  return columns;
}

/** The text, cut to at most `columns` columns; a cut is shown by `…`. */
export function truncate(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let result = "";
  let used = 0;
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
