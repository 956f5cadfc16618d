import { execFileSync } from "node:child_process";
import path from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audiences } from "../../contract/hosts.js";
import { principals } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";

const source = path.join(import.meta.dirname, "go");
/** A test downloads nothing: the modules are there (`go mod download` in that folder), or the test is skipped. */
const offline = { GOPROXY: "off" };
const go = requireTool("go", { args: ["-C", source, "list", "-deps", "."], env: offline });
const program = path.resolve(import.meta.dirname, "../../node_modules/.cache/synapse-batch/go-client");

describe.skipIf(go === undefined)("Go's azidentity, joined by its environment alone", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    execFileSync(String(go), ["build", "-o", program, "."], { cwd: source, env: { ...process.env, ...offline } });
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator.close());

  it("trusts the name-constrained authority and gets a token for each plane", async () => {
    const resources = Object.values(audiences).flat();
    const { code, stdout, stderr } = await runJoined(
      program,
      resources.map((resource) => `${resource}/.default`),
      { environment: emulator.environmentFor("deployer") },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const claims = stdout.trim().split("\n").map(decodeJwt);
    expect(claims.map(({ aud }) => aud)).toEqual(resources);
    expect(new Set(claims.map((each) => each["oid"]))).toEqual(new Set([principals.deployer.objectId]));
    expect(emulator.refusals).toEqual([]);
  });

  it("is told the name of an Azure host that is not emulated", async () => {
    const { code, stderr } = await runJoined(program, ["https://management.azure.com/.default"], {
      environment: { ...emulator.environment, AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("login.microsoftonline.us is not emulated");
  });
});
