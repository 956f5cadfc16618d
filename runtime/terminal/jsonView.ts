import type { Terminal } from "./terminal.js";
import type { View } from "./view.js";

/** One JSON object a line (schema: `watchLine`); docs/json-output.md. */
export function createJsonView(terminal: Terminal): View {
  return { show: (line) => terminal.line(JSON.stringify(line)), close: () => {} };
}
