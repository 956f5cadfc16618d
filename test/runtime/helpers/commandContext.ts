import type { CommandContext } from "../../../runtime/commands/context.js";
import { ManualClock } from "../../helpers/manualClock.js";

/** What a command wrote and how it ended. */
export interface Recorded {
  out: string;
  err: string;
  exitCode: number | undefined;
}

/** A context that records, signs in with a fixed token and moves time by itself. */
export function testContext(overrides: Partial<CommandContext> = {}): { context: CommandContext; recorded: Recorded } {
  const recorded: Recorded = { out: "", err: "", exitCode: undefined };
  let uuids = 0;
  const context: CommandContext = {
    stdin: (async function* () {})(),
    stdout: {
      write: (text) => {
        recorded.out += text;
      },
    },
    stderr: {
      write: (text) => {
        recorded.err += text;
      },
    },
    environment: {},
    directory: "/nowhere",
    clock: new ManualClock({ jumps: true }),
    ids: { uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, "0")}` },
    random: () => 0.5,
    isTerminal: false,
    columns: 80,
    rows: 24,
    signal: new AbortController().signal,
    written: async () => {},
    secrets: new Set(),
    exitWith: (code) => {
      recorded.exitCode = code;
    },
    tokens: { token: async (audience) => `token-for-${audience}` },
    ...overrides,
  };
  return { context, recorded };
}
