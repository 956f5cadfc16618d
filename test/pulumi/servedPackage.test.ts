import { describe, expect, it } from "vitest";
import { signInOf } from "../../emulator/pulumi/servedPackage.js";

describe("the azure-native plugin signs in", () => {
  const azure = { AZURE_CLIENT_ID: "a", AZURE_CLIENT_SECRET: "b", AZURE_TENANT_ID: "c", AZURE_SUBSCRIPTION_ID: "d" };

  it("with the caller's ARM_* variables before AZURE_*", () => {
    expect(signInOf({}, { ...azure, ARM_CLIENT_ID: "e", ARM_CLIENT_SECRET: "f" })).toMatchObject({
      AZURE_CLIENT_ID: "e",
      AZURE_CLIENT_SECRET: "f",
      AZURE_TENANT_ID: "c",
      AZURE_SUBSCRIPTION_ID: "d",
    });
  });

  it("with the stack's settings before both", () => {
    const environment = { ...azure, ARM_CLIENT_ID: "e" };
    expect(signInOf({ clientId: "g" }, environment)["AZURE_CLIENT_ID"]).toBe("g");
  });
});
