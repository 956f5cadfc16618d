import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principals, subscription } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";
import { requireTool } from "../helpers/tools.js";

const azure = requireTool("az");
/** Where `az` looks for a newer version of itself when its folder is new; there is no setting against it. */
const versionCheck = "azcliprod.blob.core.windows.net";

describe.skipIf(azure === undefined)("the az command line, joined by its environment alone", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator.close());

  const az = (...args: string[]) => runJoined(String(azure), args, { environment: emulator.environment });
  const login = (secret: string) => {
    const { tenantId } = subscription;
    return az("login", "--service-principal", "-u", principals.deployer.appId, "-p", secret, "--tenant", tenantId);
  };

  it("is shown Entra ID's sentence for a wrong secret", async () => {
    const { code, stderr } = await login("not the secret");
    expect(code).toBe(1);
    expect(stderr).toContain("AADSTS7000215: Invalid client secret provided.");
  });

  it("signs in, finds the subscription and gets tokens", async () => {
    const signedIn = await login(String(emulator.environment["AZURE_CLIENT_SECRET"]));
    expect({ code: signedIn.code, stderr: signedIn.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(signedIn.stdout)).toMatchObject([
      { id: subscription.subscriptionId, tenantId: subscription.tenantId, state: "Enabled" },
    ]);
    const token = await az("account", "get-access-token", "--resource", "https://dev.azuresynapse.net");
    expect({ code: token.code, stderr: token.stderr }).toEqual({ code: 0, stderr: "" });
    expect(decodeJwt(JSON.parse(token.stdout).accessToken)).toMatchObject({
      aud: "https://dev.azuresynapse.net",
      oid: principals.deployer.objectId,
    });
    expect(emulator.refusals.filter((host) => host !== versionCheck)).toEqual([]);
  });
});
