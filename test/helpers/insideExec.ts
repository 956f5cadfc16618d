import { expect } from "vitest";
import { z } from "zod";
import type { PrincipalName } from "../../emulator/platform/subscription.js";
import type { DeployedEmulator } from "./deployedEmulator.js";

const seen = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Runs a program inside `emulator exec`, where nothing but its environment tells it of the emulator, and gives the JSON
 * that it prints: what each of its clients saw. A client's program that failed has the reason at `failed`.
 */
export async function seenInside(
  emulator: DeployedEmulator,
  principal: Exclude<PrincipalName, "scoring">,
  ...command: string[]
): Promise<z.infer<typeof seen>> {
  const { code, stdout, stderr } = await emulator.run("deployer", "emulator", "exec", "--as", principal, ...command);
  expect(code, stderr).toBe(0);
  return seen.parse(JSON.parse(stdout));
}
