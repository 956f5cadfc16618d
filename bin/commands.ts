import { runProgram } from "../runtime/commands/runProgram.js";
import { createProgram } from "./program.js";

const { program, context } = createProgram();

/** Settles when the command has ended; a CommonJS bundle cannot await it here. */
export const ended = runProgram(program, process.argv.slice(2), context);
