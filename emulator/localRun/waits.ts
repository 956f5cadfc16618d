import type { Clock } from "../../contract/clock.js";
import type { Wait } from "../engine/ports.js";
import { durationText } from "./durationText.js";

/** Shorter ones are over before a person wonders. */
const leastMs = 5_000;

/**
 * Says what waits and until when, for a person before a screen on which nothing moves: by the watch, however fast the run's
 * own clock is. The first line also tells how not to wait.
 */
export function waitTeller(
  { clock, watch, timeScale }: { readonly clock: Clock; readonly watch: Clock; readonly timeScale: number },
  log: (line: string) => void,
): (wait: Wait) => void {
  let hint = "; with --clock virtual no wait takes time";
  return ({ activityName, why, until }) => {
    const left = (until.getTime() - clock.now().getTime()) / timeScale;
    if (left < leastMs) return;
    const what = why === "retry" ? "is tried again" : "waits";
    const moment = new Date(watch.now().getTime() + left).toISOString().slice(0, 19).replace("T", " ");
    const when = why === "retry" ? `in ${durationText(left)}, at` : `${durationText(left)}, until`;
    log(`${activityName} ${what} ${when} ${moment} UTC${hint}`);
    hint = "";
  };
}
