import pico from "picocolors";
import { redact } from "../../contract/redaction.js";
import type { CommandContext } from "../commands/context.js";

export type Colors = ReturnType<typeof pico.createColors>;

/** Where a command writes: data to stdout, talk to stderr; every secret that is known is masked on the way. */
export interface Terminal {
  readonly colors: Colors;
  /** One line of what the command is for. */
  line(text?: string): void;
  /** One line about the command itself: progress, warnings, errors. */
  note(text: string): void;
  /** Text with terminal sequences, as it is but for the secrets; to stdout. */
  draw(text: string): void;
}

const secretVariables = [
  "AZURE_CLIENT_SECRET",
  "ARM_CLIENT_SECRET",
  "AZURE_PASSWORD",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
];

/** Writes to the streams of the context, in colour only on a terminal that wants it (NO_COLOR, TERM=dumb). */
export function createTerminal(context: CommandContext): Terminal {
  const { environment } = context;
  const variables = secretVariables.flatMap((name) => environment[name] || []);
  const clean = (text: string) => redact(text, [...variables, ...context.secrets].flatMap(writtenForms));
  return {
    colors: pico.createColors(wantsColor(context)),
    line: (text = "") => void context.stdout.write(`${clean(text)}\n`),
    note: (text) => void context.stderr.write(`${clean(text)}\n`),
    draw: (text) => void context.stdout.write(clean(text)),
  };
}

function wantsColor({ environment, isTerminal }: CommandContext): boolean {
  if (environment["NO_COLOR"]) return false;
  return isTerminal && environment["TERM"] !== "dumb";
}

/** A secret as it is, and as it stands inside JSON and in a URL. */
function writtenForms(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}
