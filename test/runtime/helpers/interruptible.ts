import { processContext } from "../../../runtime/commands/context.js";

/** A program that talks until it is interrupted, then takes some time to say goodbye on standard error. */
const context = processContext();
while (!context.signal.aborted) {
  context.stdout.write("talking\n");
  await context.clock.sleep(5);
}
await context.clock.sleep(100);
context.stderr.write("goodbye\n");
process.exitCode = 7;
