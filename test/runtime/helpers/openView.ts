import type { CommandContext } from "../../../runtime/commands/context.js";
import { createView } from "../../../runtime/commands/followRuns.js";
import { createTerminal } from "../../../runtime/terminal/terminal.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { testContext } from "./commandContext.js";

/** No colours. */
export const quiet = { NO_COLOR: "1" };

/** A view as a command would make it in that context, on a clock that stands still. */
export function openView(overrides: Partial<CommandContext>, json = false) {
  const clock = new ManualClock();
  const { context, recorded } = testContext({ clock, environment: quiet, ...overrides });
  return { view: createView({ json }, createTerminal(context), context), recorded, clock, context };
}
