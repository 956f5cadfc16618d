import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";

/** A resource could not be made, changed or removed: the service's own code and sentence, the resource, and the cure. */
export class DeploymentError extends ProgramError {
  /** The service's error code, or empty when it was not the service that refused. */
  readonly code: string;
  readonly urn: string;

  constructor(resource: { readonly urn: string; readonly type: string; readonly name: string }, cause: unknown) {
    const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
    const sentence = messageOf(cause);
    const service = code === "" || sentence.includes(code) ? sentence : `${code}: ${sentence}`;
    super(exitCodes.failed, `${resource.name} (${resource.type}) failed: ${service}`, { cure: cureOf(code), cause });
    this.code = code;
    this.urn = resource.urn;
  }
}

/** Every resource that failed, in one error: alone as itself, several as a list; undefined for none. */
export function inOne(errors: readonly DeploymentError[]): ProgramError | undefined {
  const [first, ...others] = errors;
  if (first === undefined || others.length === 0) return first;
  const lines = errors.map(
    ({ message, cure }) => `  ${message}${cure === usualCure ? "" : `\n    how to solve: ${cure}`}`,
  );
  const message = `${errors.length} resources failed:\n${lines.join("\n")}`;
  return new ProgramError(exitCodes.failed, message, { cure: usualCure, cause: first });
}

const usualCure = "correct the cause and deploy again: what is finished stays, the rest goes on from here";

const cures: readonly (readonly [code: RegExp, cure: string])[] = [
  [/^AuthorizationFailed$/, "give the deployer Owner on the resource group, or deploy as an identity that has it"],
  [/^RoleAssignmentExists$/, "remove the assignment that was made by hand, or take its row out of infra/access.ts"],
  [
    /^(ConflictError|SoftDeletedWorkspaceExists|FlagMustBeSetForRestore)$/,
    "purge the deleted resource, or set another nameSuffix",
  ],
  [
    /^MissingSubscriptionRegistration$/,
    "register the provider that the sentence names (az provider register --namespace <name>), then deploy again",
  ],
  [/^ScopeLocked$/, "remove the lock that the sentence names, then deploy or destroy again"],
  [/^AADSTS/, "check the application's id and secret in the environment and in the stack configuration"],
  [
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|UND_ERR_\w+)$/,
    "check that the emulator is running and HTTPS_PROXY points to it",
  ],
];

function cureOf(code: string): string {
  const known = cures.find(([pattern]) => pattern.test(code))?.[1];
  return known ?? usualCure;
}
