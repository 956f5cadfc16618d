import { rmSync } from "node:fs";
import { exitCodes } from "../../contract/errors.js";
import { outputsFile } from "../environment.js";
import { countsOf, isNothing, onStack, type StackCommandOptions, sayEach, seconds } from "./stack.js";
import { takeStackTurn } from "./stackTurn.js";

/** `emulator destroy`: deletes all that `emulator deploy` made, dependents first. */
export async function destroyCommand(options: StackCommandOptions): Promise<number> {
  const { clock, log } = options;
  return onStack(options, ["destroy"], async () => {
    const { destroy } = await import("../deploy/deploy.js");
    return async ({ folder, settings }) => {
      const turn = await takeStackTurn(folder, "emulator destroy", options);
      try {
        const began = clock.now().getTime();
        const changes = await destroy({ ...settings, onEvent: sayEach(options) });
        rmSync(outputsFile(folder.path), { force: true });
        const result = isNothing(changes) ? "there was nothing" : countsOf(changes);
        log(`destroyed in ${seconds(clock.now().getTime() - began)}: ${result}`);
        return exitCodes.succeeded;
      } finally {
        turn.release();
      }
    };
  });
}
