import { expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { openDirectory } from "../../emulator/platform/directory.js";
import { type PrincipalName, principals, subscription } from "../../emulator/platform/subscription.js";
import { runCli } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

const folder = testStateFolder();
const home = { SYNAPSE_BATCH_HOME: folder.path };

/** Prints the environment, and who Entra ID says it is: the object id in a token of the official library. */
const whoAmI = `
  const { DefaultAzureCredential } = await import("@azure/identity");
  const { token } = await new DefaultAzureCredential().getToken("https://management.azure.com/.default");
  const { oid } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  console.log(JSON.stringify({ oid, environment: process.env }));`;

/** The user's own Azure, none of which may come along. */
const theirs = {
  AZURE_CLIENT_ID: "their-client",
  AZURE_CLIENT_CERTIFICATE_PATH: "/their/certificate.pem",
  AZURE_USERNAME: "their-name",
  ARM_ACCESS_KEY: "their-key",
  IDENTITY_ENDPOINT: "http://169.254.169.254/",
  MSI_ENDPOINT: "http://169.254.169.254/",
};

const names: readonly PrincipalName[] = ["deployer", "trigger", "operator"];

it.each(names)(
  "exec --as %s: the command is that principal, and has no other's credential in its environment",
  async (name) => {
    const inside = [process.execPath, "--input-type=module", "--eval", whoAmI];
    const ran = await runCli(["emulator", "exec", "--as", name, ...inside], { ...home, ...theirs });
    expect(ran.code, ran.stderr).toBe(0);
    const { oid, environment } = JSON.parse(ran.stdout) as { oid: string; environment: Record<string, string> };
    expect(oid).toBe(principals[name].objectId);
    expect(environment).toMatchObject({
      AZURE_CLIENT_ID: principals[name].appId,
      ARM_CLIENT_ID: principals[name].appId,
      AZURE_TENANT_ID: subscription.tenantId,
      AZURE_SUBSCRIPTION_ID: subscription.subscriptionId,
    });
    const values = Object.values(environment);
    for (const { appId } of Object.values(principals).filter((other) => other !== principals[name])) {
      expect(values).not.toContain(appId);
      expect(values).not.toContain(secretOf(appId));
    }
    expect(values.filter((value) => value.includes("their") || value.includes("169.254"))).toEqual([]);
  },
  30_000,
);

it("exec --as somebody else names those that there are", async () => {
  const { code, stderr } = await runCli(["emulator", "exec", "--as", "nobody", "true"], home);
  expect(code).toBe(2);
  for (const name of names) expect(stderr).toContain(name);
});

it("exec ends with the command's own exit code", async () => {
  const { code } = await runCli(["emulator", "exec", process.execPath, "--eval", "process.exit(7)"], home);
  expect(code).toBe(7);
});

function secretOf(appId: string): string {
  const store = folder.openStore();
  try {
    return openDirectory(store, randomIds).secretOf(appId) ?? "";
  } finally {
    store.close();
  }
}
