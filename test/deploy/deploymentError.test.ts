import { describe, expect, it } from "vitest";
import { ArmError } from "../../emulator/deploy/armError.js";
import { DeploymentError, inOne } from "../../emulator/deploy/deploymentError.js";

const failed = (name: string, code: string, sentence: string) =>
  new DeploymentError({ urn: `urn:${name}`, type: "t", name }, new ArmError(409, code, sentence));

describe("a resource that failed", () => {
  it("is told with Azure's code and sentence, and what to do next where that is known", () => {
    expect(failed("vault", "MissingSubscriptionRegistration", "The subscription is not registered.")).toMatchObject({
      exitCode: 1,
      code: "MissingSubscriptionRegistration",
      message: "vault (t) failed: MissingSubscriptionRegistration: The subscription is not registered.",
      cure: expect.stringContaining("az provider register"),
    });
    expect(failed("vault", "Teapot", "No.").cure).toContain("deploy again");
  });

  it("is one of a list when several failed at once, each with its own cure", () => {
    const one = failed("one", "ScopeLocked", "It is locked.");
    expect(inOne([])).toBeUndefined();
    expect(inOne([one])).toBe(one);
    expect(inOne([one, failed("other", "Teapot", "No.")])?.message).toBe(
      [
        "2 resources failed:",
        "  one (t) failed: ScopeLocked: It is locked.",
        "    how to solve: remove the lock that the sentence names, then deploy or destroy again",
        "  other (t) failed: Teapot: No.",
      ].join("\n"),
    );
  });
});
