import { processContext } from "../../../runtime/commands/context.js";

/** A program that tells the size that it takes its terminal for. */
const { columns, rows, isTerminal } = processContext();
process.stdout.write(`${isTerminal ? "terminal" : "file"} of ${columns}x${rows}\n`);
