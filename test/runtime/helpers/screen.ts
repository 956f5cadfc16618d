const esc = "\u001b";
const token = new RegExp(`${esc}\\[[?0-9;]*[A-Za-z]|[\\s\\S]`, "gu");
const up = new RegExp(`^${esc}\\[\\d+A$`);

/** What a terminal without wrapping shows after it was sent this text: as many of its lines as it has rows, and all above. */
export function screenOf(sent: string): { lines: string[]; cursorHidden: boolean } {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  let cursorHidden = false;
  const line = () => {
    while (lines.length <= row) lines.push([]);
    return lines[row] ?? [];
  };
  for (const [text] of sent.matchAll(token)) {
    if (text === "\n") {
      row += 1;
      column = 0;
      line();
    } else if (text === "\r") column = 0;
    else if (text === "\u001b[K") line().length = column;
    else if (text === "\u001b[J") {
      lines.length = row + 1;
      line().length = column;
    } else if (text === "\u001b[?25l") cursorHidden = true;
    else if (text === "\u001b[?25h") cursorHidden = false;
    else if (up.test(text)) row = Math.max(0, row - Number(text.slice(2, -1)));
    else if (!text.startsWith("\u001b")) line()[column++] = text;
  }
  return { lines: lines.map((cells) => Array.from(cells, (cell) => cell ?? " ").join("")), cursorHidden };
}
