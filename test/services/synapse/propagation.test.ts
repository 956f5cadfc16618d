import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../helpers/manualClock.js";
import { errorOf, TestSynapse } from "./testSynapse.js";

const delayMs = 180_000;
const synapseUser = "2a385764-43e8-416c-9825-7b18d05a2c4b";
let clock: ManualClock;
let test: TestSynapse;

beforeEach(async () => {
  clock = new ManualClock();
  test = await TestSynapse.start({ clock, propagationMs: delayMs });
  await test.deployWorkspace();
});
afterEach(() => test.close());

describe("with a propagation delay", () => {
  it("an address rule lets its addresses in when the delay is over", async () => {
    expect(errorOf(await test.call("GET", "/workspace")).code).toBe("ClientIpAddressNotAuthorized");
    await clock.advance(delayMs);
    expect((await test.call("GET", "/workspace")).status).toBe(200);
  });

  it("an address rule that is written again as it is stays in effect, a changed one begins anew", async () => {
    await clock.advance(delayMs);
    await test.allowAddresses("127.0.0.1", "127.0.0.1");
    expect((await test.call("GET", "/workspace")).status).toBe(200);
    await test.allowAddresses("127.0.0.1", "127.0.0.2");
    expect((await test.call("GET", "/workspace")).status).toBe(403);
  });

  it("a Synapse role is listed at once and holds when the delay is over", async () => {
    await clock.advance(delayMs);
    const trigger = test.principal("trigger");
    await test.grant(trigger, synapseUser);
    expect((await test.call("GET", `/roleAssignments?principalId=${trigger.objectId}`)).body).toMatchObject({
      count: 1,
    });
    expect((await test.call("GET", "/workspace", { as: trigger })).status).toBe(403);
    await clock.advance(delayMs);
    expect((await test.call("GET", "/workspace", { as: trigger })).status).toBe(200);
  });
});
