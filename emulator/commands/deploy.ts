import { writeFileSync } from "node:fs";
import { exitCodes } from "../../contract/errors.js";
import { outputsFile } from "../environment.js";
import { countsOf, isNothing, onStack, type StackCommandOptions, sayEach, seconds } from "./stack.js";
import { takeStackTurn } from "./stackTurn.js";

/** `emulator deploy`: brings the emulator to what the Pulumi program says, without the Pulumi command line. */
export async function deployCommand(options: StackCommandOptions): Promise<number> {
  const { clock, log } = options;
  return onStack(options, ["deploy"], async () => {
    const [{ deploy }, { loadProgram }] = await Promise.all([
      import("../deploy/deploy.js"),
      import("./joinedStack.js"),
    ]);
    const program = await loadProgram();
    return async ({ folder, settings }) => {
      const turn = await takeStackTurn(folder, "emulator deploy", options);
      try {
        const began = clock.now().getTime();
        const { outputs, changes } = await deploy({ ...settings, program, onEvent: sayEach(options) });
        writeFileSync(outputsFile(folder.path), JSON.stringify(outputs, undefined, 2), { mode: 0o600 });
        const result = isNothing(changes) ? `nothing to do, ${countsOf(changes)}` : countsOf(changes);
        log(`deployed in ${seconds(clock.now().getTime() - began)}: ${result}`);
        return exitCodes.succeeded;
      } finally {
        turn.release();
      }
    };
  });
}
