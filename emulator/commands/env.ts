import { exitCodes, ProgramError } from "../../contract/errors.js";
import { foreignNames } from "../environment.js";
import { joinRunning } from "../ownership.js";
import type { PrincipalName } from "../platform/subscription.js";
import { openStateFolder } from "../stateFolder.js";

export type Shell = "sh" | "fish" | "powershell";

const forms: Readonly<Record<Shell, { set(name: string, value: string): string; unset(name: string): string }>> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name}`,
  },
};

export const shells = Object.keys(forms) as Shell[];

/** `emulator env`: the lines by which a shell joins the running emulator. */
export async function environmentLines(options: {
  as: PrincipalName;
  shell: Shell;
  home: string;
  environment: NodeJS.ProcessEnv;
}): Promise<string[]> {
  const place = await joinRunning(openStateFolder(options.home));
  if (!place) {
    throw new ProgramError(
      exitCodes.unavailable,
      "No emulator runs on this state folder, so there is nothing to join.",
      {
        cure: "Start one in another terminal: npm run emulator",
      },
    );
  }
  const { SYNAPSE_BATCH_HOME: named } = options.environment;
  // a relative path would mean another folder wherever the shell changes to
  const home = named ? { SYNAPSE_BATCH_HOME: options.home } : {};
  const joining = { ...place.environmentFor(options.as), ...home };
  await place.leave();
  const form = forms[options.shell];
  return [
    ...foreignNames(options.environment, joining).map((name) => form.unset(name)),
    ...Object.entries(joining).map(([name, value]) => form.set(name, value)),
  ];
}
