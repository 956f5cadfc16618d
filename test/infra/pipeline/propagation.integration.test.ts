import { afterEach, describe, expect, it } from "vitest";
import { fewTrips } from "../../services/machineLearning/jobs.js";
import { TestAzure } from "./testAzure.js";

const propagationMs = 3 * 60_000;
const forbidden = {
  code: "Forbidden",
  message: "Caller is not authorized to perform action on resource.",
  innererror: { code: "ForbiddenByRbac" },
};

let azure: TestAzure;
afterEach(() => azure.close());

/** The activities that failed, with how often, and those of them that succeeded in the end. */
async function redAndGreen(authentication: "servicePrincipal" | "managedIdentity") {
  azure.deployed.putInput(fewTrips);
  const { run, activities } = await azure.engine().run(azure.pipeline({ authentication, propagationRetries: 5 }));
  expect([run.status, run.message]).toEqual(["Succeeded", ""]);
  expect(azure.invocations()).toBe(1);
  const red = new Map<string, number>();
  for (const { activityName, status } of activities) {
    if (status === "Failed") red.set(activityName, (red.get(activityName) ?? 0) + 1);
  }
  const green = [...red.keys()].filter((name) => {
    return activities.findLast((one) => one.activityName === name)?.status === "Succeeded";
  });
  return { red: Object.fromEntries(red), green, activities };
}

describe("while roles take 3 minutes to hold, the first run, with 5 retries a minute apart,", () => {
  it.each(["servicePrincipal", "managedIdentity"] as const)(
    "turns green after Azure ML's first answers were red, and invokes the endpoint once (%s)",
    async (authentication) => {
      azure = await TestAzure.start({ propagationMs });
      const { red, green, activities } = await redAndGreen(authentication);
      expect(red).toEqual({ dataset_id: 3 });
      expect(green).toEqual(["dataset_id"]);
      const first = activities.find(({ activityName }) => activityName === "dataset_id");
      expect(first?.error?.message).toContain("does not have authorization to perform action");
    },
  );

  it("turns green after the vault's first answers were red", async () => {
    azure = await TestAzure.start({ propagationMs });
    const start = azure.clock.now().getTime();
    azure.intercept = ({ url }) => {
      const isEarly = azure.clock.now().getTime() - start < propagationMs;
      return isEarly && url.includes(".vault.azure.net/") ? { status: 403, body: { error: forbidden } } : undefined;
    };
    const { red, green } = await redAndGreen("servicePrincipal");
    // the other secret is read after this one
    expect(red).toEqual({ clientid: 3 });
    expect(green).toEqual(["clientid"]);
  });
});
