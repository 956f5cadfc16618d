import path from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principals } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";

const python = requireTool("python", { args: ["-c", "import requests"] });
const script = path.join(import.meta.dirname, "python", "request_token.py");

describe.skipIf(python === undefined)("Python's requests, joined by its environment alone", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator.close());

  const ask = (host: string, resource: string) =>
    runJoined(String(python), [script, host, resource], { environment: emulator.environmentFor("scoring") });

  it("trusts the name-constrained authority and gets a token", async () => {
    const { code, stdout, stderr } = await ask("login.microsoftonline.com", "https://ml.azure.com");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { access_token: token } = JSON.parse(stdout);
    expect(decodeJwt(token)).toMatchObject({ aud: "https://ml.azure.com", oid: principals.scoring.objectId });
    expect(emulator.refusals).toEqual([]);
  });

  it("is told the name of an Azure host that is not emulated", async () => {
    const { code, stderr } = await ask("westeurope.azuredatabricks.net", "https://ml.azure.com");
    expect(code).toBe(1);
    expect(stderr).toContain("westeurope.azuredatabricks.net is not emulated");
  });

  it("that was not told of the authority trusts nothing, and the emulator says why nothing arrives", async () => {
    const { code, stderr } = await runJoined(
      String(python),
      [script, "login.microsoftonline.com", "https://ml.azure.com"],
      {
        environment: { ...emulator.environment, REQUESTS_CA_BUNDLE: "", CURL_CA_BUNDLE: "" },
      },
    );
    expect(code).toBe(1);
    expect(stderr).toContain("CERTIFICATE_VERIFY_FAILED");
    expect(emulator.lines).toContain(
      "login.microsoftonline.com: a client does not trust the emulator's certificate authority; it has not joined",
    );
  });
});
