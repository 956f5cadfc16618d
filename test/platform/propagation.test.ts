import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { openAccess } from "../../emulator/platform/accessControl.js";
import { openDirectory } from "../../emulator/platform/directory.js";
import { openPropagation } from "../../emulator/platform/propagation.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import { principals, subscription } from "../../emulator/platform/subscription.js";
import { ManualClock } from "../helpers/manualClock.js";

const delayMs = 180_000;
let clock: ManualClock;
let store: Store;

beforeEach(() => {
  clock = new ManualClock();
  store = openStore(undefined, Buffer.alloc(32, 7));
});
afterEach(() => store.close());

describe("what was accepted", () => {
  it("is in effect when the delay is over, and again late after a change", async () => {
    const propagation = openPropagation({ store, clock, delayMs });
    propagation.accepted("/Rules/One");
    await clock.advance(delayMs - 1);
    expect(propagation.inEffect("/rules/one")).toBe(false);
    await clock.advance(1);
    expect(propagation.inEffect("/rules/one")).toBe(true);
    propagation.accepted("/rules/one");
    expect(propagation.inEffect("/rules/one")).toBe(false);
  });

  it("stays waiting over a restart, but not for a clock that ran ahead of this one", async () => {
    openPropagation({ store, clock, delayMs }).accepted("/rules/one");
    const restarted = openPropagation({ store, clock, delayMs });
    expect(restarted.inEffect("/rules/one")).toBe(false);
    const before = new ManualClock({ start: "2024-05-01T07:00:00.000Z" });
    expect(openPropagation({ store, clock: before, delayMs }).inEffect("/rules/one")).toBe(true);
  });

  it("is in effect at once where there is no delay", () => {
    const propagation = openPropagation({ store, clock, delayMs: 0 });
    propagation.accepted("/rules/one");
    expect(propagation.inEffect("/rules/one")).toBe(true);
  });
});

describe("an Azure role assignment", () => {
  const scope = `/subscriptions/${subscription.subscriptionId}/resourceGroups/rg`;
  const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
  const { deployer, trigger } = principals;

  it("is listed at once and holds when the delay is over; the subscription's first one holds from the start", async () => {
    const propagation = openPropagation({ store, clock, delayMs });
    const access = openAccess({ store, directory: openDirectory(store, randomIds), clock, propagation });
    access.assign({
      scope,
      name: randomIds.uuid(),
      roleId: reader,
      principalId: trigger.objectId,
      principalType: "ServicePrincipal",
      by: deployer.objectId,
    });
    const mayRead = () => access.mayAct(trigger.objectId, "Microsoft.Synapse/workspaces/read", scope);
    expect(access.assignmentsAt(scope)).toHaveLength(1);
    expect(mayRead()).toBe(false);
    expect(access.mayAct(deployer.objectId, "Microsoft.Synapse/workspaces/read", scope)).toBe(true);
    await clock.advance(delayMs);
    expect(mayRead()).toBe(true);
  });
});
