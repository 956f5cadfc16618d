import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { CommandContext } from "./context.js";

/**
 * The streams of the running process. `interrupt` is called where one of them takes no more: without a reason where its
 * reader has gone away (`| head`), else (a full disk) with one of exit code 3; then what would have gone to standard error
 * goes to standard output.
 */
export function processOutput(
  interrupt: (reason?: ProgramError) => void,
): Pick<CommandContext, "stdout" | "stderr" | "written"> {
  let failure: ProgramError | undefined;
  const last = new Map<NodeJS.WriteStream, Promise<void>>();

  function fail(stream: NodeJS.WriteStream, cause: NodeJS.ErrnoException): void {
    if (cause.code !== "EPIPE") failure ??= cannotBeWritten(stream, cause);
    interrupt(failure);
  }

  function output(stream: NodeJS.WriteStream, instead?: NodeJS.WriteStream) {
    // heard a second time in the callback of the write; unheard it would end the process
    stream.on("error", (cause) => fail(stream, cause));
    const write = (text: string) => {
      const written = new Promise<void>((resolve) => {
        stream.write(text, (cause?: NodeJS.ErrnoException | null) => {
          if (cause) fail(stream, cause);
          if (cause && cause.code !== "EPIPE") instead?.write(text);
          resolve();
        });
      });
      last.set(stream, written);
    };
    return { write };
  }

  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr, process.stdout),
    written: async () => {
      await Promise.all(last.values());
      if (failure !== undefined) throw failure;
    },
  };
}

function cannotBeWritten(stream: NodeJS.WriteStream, cause: Error): ProgramError {
  const name = stream === process.stdout ? "standard output" : "standard error";
  return new ProgramError(exitCodes.unavailable, `${name} cannot be written: ${cause.message}`, {
    cure: "make room where it goes to, or send it elsewhere",
    cause,
  });
}
