import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { principals, subscription } from "../../emulator/platform/subscription.js";
import { deployerToken, objectIdOf } from "../../infra/dataplane/credential.js";
import { openHttp } from "../../infra/dataplane/http.js";
import type { SignIn } from "../../infra/dataplane/signIn.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";

const environment = { ...process.env };
let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  const signIn = /^(ARM|AZURE)_/;
  const without = (variables: NodeJS.ProcessEnv) => Object.entries(variables).filter(([name]) => !signIn.test(name));
  process.env = Object.fromEntries([...without(environment), ...without(emulator.environment)]);
});
afterEach(() => {
  process.env = { ...environment };
});

/** The variables of that prefix by which a process signs in as the principal. */
function variablesOf(principal: "deployer" | "operator", prefix: "ARM" | "AZURE"): Record<string, string> {
  const all = Object.entries(emulator.environmentFor(principal)).filter(([name]) => name.startsWith("AZURE_"));
  return Object.fromEntries(all.map(([name, value]) => [name.replace("AZURE", prefix), value]));
}

async function objectId(signIn: SignIn = {}): Promise<string> {
  const http = openHttp();
  try {
    return objectIdOf(await deployerToken(http, signIn, "https://management.azure.com"));
  } finally {
    await http.close();
  }
}

describe("against Entra ID, the deployer is", () => {
  it("the application of ARM_*, whatever the default chain would find", async () => {
    Object.assign(process.env, variablesOf("operator", "AZURE"), variablesOf("deployer", "ARM"));
    expect(await objectId()).toBe(principals.deployer.objectId);
  });

  it("the application of the stack's configuration, whatever the environment says", async () => {
    const { AZURE_CLIENT_ID: clientId = "", AZURE_CLIENT_SECRET: clientSecret = "" } = variablesOf("deployer", "AZURE");
    Object.assign(process.env, variablesOf("operator", "ARM"));
    const configured = { tenantId: subscription.tenantId, clientId, clientSecret };
    expect(await objectId(configured)).toBe(principals.deployer.objectId);
  });

  it("whom the default chain finds in the tenant, where nothing is set for azure-native", async () => {
    Object.assign(process.env, variablesOf("deployer", "AZURE"));
    expect(await objectId({ tenantId: subscription.tenantId })).toBe(principals.deployer.objectId);
  });
});
