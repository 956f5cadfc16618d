import { readFileSync } from "node:fs";
import path from "node:path";
import { type Authority, loadAuthority } from "../../emulator/gateway/authority.js";

/** The environment variable by which the global setup tells the workers where its files are. */
export const fixturesVariable = "SYNAPSE_BATCH_TEST_FIXTURES";

export function fixtureFiles(folder: string) {
  return {
    folder,
    authority: path.join(folder, "authority.pem"),
    authorityKey: path.join(folder, "authority-key.pem"),
    signingKey: path.join(folder, "signing-key.pem"),
  };
}

/** The files of this test run. */
export function fixtures() {
  const folder = process.env[fixturesVariable];
  if (folder === undefined) throw new Error("the global setup did not run before this test");
  return fixtureFiles(folder);
}

export const testSigningKeyPem = (): string => readFileSync(fixtures().signingKey, "utf8");

/** The authority that this process was told to trust when it was started. */
export function testAuthority(): Promise<Authority> {
  const { authority, authorityKey } = fixtures();
  return loadAuthority({
    certificatePem: readFileSync(authority, "utf8"),
    privateKeyPem: readFileSync(authorityKey, "utf8"),
  });
}
