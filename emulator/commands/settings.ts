import { exitCodes, ProgramError } from "../../contract/errors.js";
import { randomIds } from "../../contract/ids.js";
import { openDirectory } from "../platform/directory.js";
import type { Store } from "../platform/store.js";
import { principals } from "../platform/subscription.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";

const { scoring, trigger, operator } = principals;

/** What a user of Azure puts into a stack's settings after making the two applications, but for the one secret. */
export const principalSettings = {
  scoringClientId: scoring.appId,
  triggerPrincipalId: trigger.objectId,
  operators: [{ objectId: operator.objectId, principalType: "ServicePrincipal" }],
} as const;

/** The setting `scoringClientSecret`: the scoring application's secret in this directory. */
export function scoringClientSecret(store: Store): string {
  const secret = openDirectory(store, randomIds).secretOf(scoring.appId);
  if (secret !== undefined) return secret;
  throw new ProgramError(exitCodes.unavailable, "The directory has no secret of the scoring application.", {
    cure: "Start anew: npm run emulator -- reset",
  });
}

/**
 * `emulator settings`: the shell lines by which a stack of the Pulumi command line gets the settings that `emulator deploy`
 * gives its own; with `secret`, the secret alone, which no other line shows.
 */
export function showSettings(
  home: string,
  { secret = false }: { readonly secret?: boolean },
  print: CommandContext["print"],
): void {
  if (secret) {
    print(openStateFolder(home).withStore(scoringClientSecret));
    return;
  }
  const { operators, ...single } = principalSettings;
  const values = [
    ...Object.entries(single),
    ...operators.flatMap((one, index) =>
      Object.entries(one).map(([member, value]) => [`operators[${index}].${member}`, value]),
    ),
  ];
  const words = values.map(([key, value]) => `--plaintext '${key}=${value}'`);
  print(`pulumi config set-all --path ${words.join(" ")}`);
  // by the pipe, because a process's arguments are no secret
  print("npm run -s emulator -- settings --secret | pulumi config set --secret scoringClientSecret");
}
