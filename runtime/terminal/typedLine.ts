/**
 * A line to type as it works where this command was started: what SYNAPSE_BATCH_PREFIX holds (set by a wrapper that runs
 * other commands, such as `npm run <wrapper> -- exec`) goes before a line that begins with `npm run`.
 */
export function typedLine(line: string, environment: Readonly<Record<string, string | undefined>>): string {
  const prefix = environment["SYNAPSE_BATCH_PREFIX"]?.trim();
  return prefix && /^npm run\b/.test(line) ? `${prefix} ${line}` : line;
}
