import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createAuthority } from "../../emulator/gateway/authority.js";
import { newSigningKeyPem } from "../../emulator/platform/signingKey.js";
import { ensureBuilt } from "../../scripts/build.js";
import { fixtureFiles, fixturesVariable } from "./fixtures.js";

/**
 * Makes, once for all tests, what takes long and what a process can only be told before it starts: the authority that
 * every worker trusts (through its environment, as a user's process does) and the tokens' key.
 */
export async function setup(): Promise<() => void> {
  await ensureBuilt();
  const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-test-"));
  const [authority, signingKeyPem] = await Promise.all([createAuthority({ now: new Date() }), newSigningKeyPem()]);
  const files = fixtureFiles(folder);
  const secret = { mode: 0o600 };
  writeFileSync(files.authority, authority.certificatePem);
  writeFileSync(files.authorityKey, authority.privateKeyPem, secret);
  writeFileSync(files.signingKey, signingKeyPem, secret);
  process.env[fixturesVariable] = folder;
  process.env["NODE_EXTRA_CA_CERTS"] = files.authority;
  return () => rmSync(folder, { recursive: true, force: true });
}
