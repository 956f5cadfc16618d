import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fewTrips, terminal } from "../../services/machineLearning/jobs.js";
import { scoringHost } from "../../services/machineLearning/names.js";
import { TestAzure } from "./testAzure.js";

const hourMs = 3_600_000;

// a token lives an hour for an application and a day for a managed identity, by the clock that the job is measured with
describe.each([
  ["servicePrincipal", 2, "0.04:00:00"],
  ["managedIdentity", 26, "2.00:00:00"],
] as const)("a job longer than a token's life (%s, %d hours)", (authentication, hours, jobTimeout) => {
  let azure: TestAzure;
  beforeAll(async () => {
    azure = await TestAzure.start();
  });
  afterAll(() => azure.close());

  it("ends green: no call is refused, although the token that started the job would be by then", async () => {
    azure.deployed.putInput(fewTrips);
    const completed = azure.machineLearning.statusesOf(terminal);
    // then the job does its real work, in no time
    azure.machineLearning.blobs.gate = azure.clock.sleep(hours * hourMs).then(() => void azure.clock.hold(completed));
    const { run } = await azure.engine().run(azure.pipeline({ authentication, jobTimeout, pollSeconds: 300 }));

    expect([run.status, run.message]).toEqual(["Succeeded", ""]);
    expect(run.durationInMs).toBeGreaterThanOrEqual(hours * hourMs);
    expect(azure.exchanges.filter(({ status }) => status >= 400)).toEqual([]);
    expect(azure.invocations()).toBe(1);

    const starting = azure.exchanges.find(({ url }) => url === `https://${scoringHost}/jobs`);
    const [job] = azure.jobs();
    const late = await azure.machineLearning.call("GET", `/jobs/${job?.name}`, {
      as: null,
      headers: { authorization: String(starting?.authorization) },
    });
    expect([late.status, JSON.stringify(late.body)]).toEqual([401, expect.stringContaining("Jwt is expired")]);
  });
});
