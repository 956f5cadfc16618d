import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { readStackConfiguration } from "../../emulator/deploy/stackConfiguration.js";
import { deployerType, parseConfiguration } from "../../infra/config.js";

const root = path.resolve(import.meta.dirname, "../..");
const needed = {
  scoringClientId: "66666666-6666-6666-6666-666666666666",
  scoringClientSecret: "secret",
  triggerPrincipalId: "77777777-7777-7777-7777-777777777777",
};

/** The project's own defaults with these values over them, without the project's name in the keys. */
function values(changed: Readonly<Record<string, string>>, stack = "dev"): Record<string, string> {
  const { configuration } = readStackConfiguration(root, stack, changed);
  const own = Object.entries(configuration).filter(([key]) => key.startsWith("synapse-batch:"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice("synapse-batch:".length), value]));
}

function mistakes(changed: Readonly<Record<string, string>>): readonly string[] {
  const parsed = parseConfiguration(values({ ...needed, ...changed }));
  return "mistakes" in parsed ? parsed.mistakes : [];
}

describe("the configuration", () => {
  it("has every setting's default in Pulumi.yaml", () => {
    expect(parseConfiguration(values(needed))).toMatchObject({
      configuration: {
        propagationRetries: 5,
        statusRetries: 3,
        pollSeconds: 30,
        jobTimeout: "0.04:00:00",
        registerDataset: "attempt",
        purgeProtection: false,
        softDeleteRetentionInDays: 7,
        operators: [],
        allowedIpAddresses: [],
      },
    });
  });

  it("does not wait for roles on the laptop, where they hold at once", () => {
    expect(parseConfiguration(values(needed, "local"))).toMatchObject({
      configuration: { propagationRetries: 0, statusRetries: 0, pollSeconds: 1, allowedIpAddresses: ["127.0.0.1"] },
    });
  });

  it("names the line to run when an application is missing", () => {
    const parsed = parseConfiguration(values({}));
    const text = "mistakes" in parsed ? parsed.mistakes.join("\n") : "";
    expect(text).toContain("az ad sp create-for-rbac --skip-assignment --name synapse-batch-scoring");
    expect(text).toContain("az ad sp create-for-rbac --skip-assignment --name synapse-batch-trigger");
    expect(text).toContain("pulumi config set --secret scoringClientSecret");
  });

  it.each([
    ["pollSeconds", "0", "pollSeconds: must be between 1 and 3600"],
    ["pollSeconds", "often", "pollSeconds: must be a whole number"],
    ["jobTimeout", "4 hours", "jobTimeout: must be a time as d.hh:mm:ss"],
    ["triggerPrincipalId", "me", "triggerPrincipalId: must be a GUID"],
    ["registerDataset", "maybe", "registerDataset: must be one of attempt, required, skip"],
    ["nameSuffix", "Upper", "nameSuffix: must be 3 to 10 lower-case letters or digits"],
    ["purgeProtection", "yes", "purgeProtection: must be one of true, false"],
    ["softDeleteRetentionInDays", "100", "softDeleteRetentionInDays: must be between 7 and 90"],
    ["allowedIpAddresses", "1.2.3.4", "allowedIpAddresses: must be a list"],
    ["operators", '["me"]', "operators[0]: is missing"],
    ["alowedIpAddresses", "[]", "alowedIpAddresses: is not a setting of this project"],
  ])("%s = %s is one mistake with one message", (key, value, message) => {
    expect(mistakes({ [key]: value })).toEqual([message]);
  });

  it("takes the deployer for an application where azure-native signs in as one, else for a person", () => {
    const typeWith = (deployerPrincipalType: string, clientId: string) => {
      const parsed = parseConfiguration(values({ ...needed, deployerPrincipalType }));
      if ("mistakes" in parsed) throw new Error(parsed.mistakes.join());
      pulumi.runtime.setAllConfig({ "azure-native:clientId": clientId });
      return deployerType(parsed.configuration);
    };
    expect(typeWith("", "")).toBe("User");
    expect(typeWith("", "an application")).toBe("ServicePrincipal");
    expect(typeWith("User", "an application")).toBe("User");
  });

  it("reports every mistake at once", () => {
    expect(mistakes({ pollSeconds: "0", jobTimeout: "" })).toHaveLength(2);
  });
});
