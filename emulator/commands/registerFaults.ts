import { type Command, InvalidArgumentError } from "commander";
import { type FaultKind, faultKinds } from "../platform/faults/faultKinds.js";
import type { CommandContext } from "./context.js";

const examples = `
Examples:
  npm run emulator -- fault add reset --after --path "*/createRun" --count 1
  npm run emulator -- fault add throttle --host "*.vault.azure.net" --count 3
  npm run emulator -- fault add error --probability 0.2 --seed 7
  npm run emulator -- fault list`;

/** Adds `fault add | list | clear`, which a running emulator obeys at once and forgets when it ends. */
export function registerFaultCommands(emulator: Command, context: CommandContext, home: () => string): void {
  const fault = emulator
    .command("fault")
    .description("let requests to the running emulator go wrong: refused, late, cut off, with tokens that have expired")
    .addHelpText("after", examples);
  fault
    .command("add")
    .description("add a fault; of several that fit a request it meets the one added first")
    .addArgument(fault.createArgument("<kind>", "what goes wrong").choices(faultKinds))
    .option("--host <pattern>", "requests to these hosts only; * stands for any characters")
    .option("--path <pattern>", "requests with these paths only, without the query")
    .option("--method <method>", "requests of this method only")
    .option("--count <n>", "so many requests, then no more", whole)
    .option("--probability <p>", "each request with this probability, above 0 up to 1", number)
    .option("--seed <n>", "which requests the probability means; the same seed means the same ones", whole)
    .option("--after", "after the service has carried the request out, instead of in its place")
    .option("--retry-after <seconds>", "what Retry-After asks for", whole)
    .option("--delay <ms>", "how long a latency is", whole)
    .addHelpText("after", examples)
    .action(async (kind: FaultKind, { retryAfter, delay, ...where }: AddOptions) => {
      const { addFault } = await import("./faults.js");
      const wished = {
        kind,
        ...where,
        ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
        ...(delay !== undefined && { delayMs: delay }),
      };
      await addFault(wished, home(), context);
    });
  fault
    .command("list")
    .description("show the faults and how often each struck")
    .option("--json", "write them as one JSON document")
    .addHelpText("after", "\nExample:\n  npm run -s emulator -- fault list --json")
    .action(async (options: { json?: boolean }) => {
      const { listFaults } = await import("./faults.js");
      await listFaults(options, home(), context);
    });
  fault
    .command("clear")
    .description("end all faults, or one")
    .argument("[number]", "as the list shows it", whole)
    .addHelpText("after", "\nExample:\n  npm run emulator -- fault clear 2")
    .action(async (id: number | undefined) => {
      const { clearFaults } = await import("./faults.js");
      await clearFaults(id, home(), context);
    });
}

interface AddOptions {
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly count?: number;
  readonly probability?: number;
  readonly seed?: number;
  readonly after?: boolean;
  readonly retryAfter?: number;
  readonly delay?: number;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Not a whole number.");
  return Number(text);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}
