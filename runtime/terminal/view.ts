import type { WatchLine } from "../synapse/events.js";

/** Shows a run that is started and watched: live lines, appended lines or JSON. */
export interface View {
  show(line: WatchLine): void;
  /** Ends the showing; what was drawn stays. */
  close(): void;
}
