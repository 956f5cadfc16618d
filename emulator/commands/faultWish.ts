import type { z } from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { FaultKind } from "../platform/faults/faultKinds.js";
import { faultRule } from "../platform/faults/faultRule.js";

/** A fault as it was typed. */
export type FaultWish = Readonly<Record<string, string | number | boolean>> & { readonly kind: FaultKind };

const options: Readonly<Record<string, string>> = { retryAfterSeconds: "--retry-after", delayMs: "--delay" };

/** The option that a member of a fault is typed as: `--retry-after` for `retryAfterSeconds`. */
export function optionOf(member: string): string {
  return options[member] ?? `--${member}`;
}

/** Throws a `ProgramError` (exit code 2) that says of each option what is wrong with it, in the terms of the command line. */
export function requireFault(wish: FaultWish): void {
  const { error } = faultRule.safeParse(wish);
  if (!error) return;
  throw new ProgramError(exitCodes.usage, error.issues.map((issue) => sentenceOf(issue, wish.kind)).join(" "), {
    cure: `Its options: npm run emulator -- fault add --help`,
  });
}

function sentenceOf(issue: z.core.$ZodIssue, kind: FaultKind): string {
  const option = optionOf(String(issue.path[0]));
  switch (issue.code) {
    case "unrecognized_keys":
      return `A fault of the kind ${kind} has no ${issue.keys.map(optionOf).join(", ")}.`;
    case "invalid_type":
      return `A fault of the kind ${kind} needs ${option}.`;
    case "too_small":
      if (issue.origin === "string") return `${option} is empty.`;
      return `${option} must be ${issue.inclusive ? `${issue.minimum} or more` : `more than ${issue.minimum}`}.`;
    case "too_big":
      return `${option} must be ${issue.maximum} or less.`;
    default:
      return `${option}: ${issue.message}.`;
  }
}
