import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEmulatedClock } from "../../emulator/platform/emulatedClock.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import { ManualClock } from "../helpers/manualClock.js";

const start = "2024-05-01T08:00:00.000Z";
const hour = 3_600_000;
let watch: ManualClock;
let store: Store;
const open = (scale: number) => openEmulatedClock({ store, watch, scale });
const aheadOf = (clock: { now(): Date }) => clock.now().getTime() - watch.now().getTime();

beforeEach(() => {
  watch = new ManualClock({ start });
  store = openStore(undefined, Buffer.alloc(32, 7));
});
afterEach(() => store.close());

describe("the emulator's clock", () => {
  it("is the watch at scale 1", async () => {
    const clock = open(1);
    await watch.advance(5_000);
    expect(clock.now()).toEqual(watch.now());
  });

  it("runs so many times as fast as the watch, and wakes sleepers as much sooner", async () => {
    const clock = open(60);
    let awake = false;
    clock.sleep(hour).then(() => {
      awake = true;
    });
    await watch.advance(59_999);
    expect(awake).toBe(false);
    await watch.advance(1);
    expect(awake).toBe(true);
    expect(clock.now()).toEqual(new Date("2024-05-01T09:00:00.000Z"));
  });

  it("goes on from where it was, as fast as the watch while it was off, when it is opened again at scale 1", async () => {
    const fast = open(60);
    await watch.advance(60_000);
    fast.close();
    await watch.advance(hour);
    const slow = open(1);
    expect(slow.now()).toEqual(new Date("2024-05-01T10:00:00.000Z"));
    await watch.advance(1_000);
    expect(aheadOf(slow)).toBe(59 * 60_000);
    slow.close();
    expect(aheadOf(open(60))).toBe(59 * 60_000);
  });

  it("never goes back after a kill, whenever that comes, and is ahead by less than a second's worth more", async () => {
    for (const milliseconds of [1, 500, 999, 1_000, 1_001, 12_345]) {
      const killed = open(60);
      let told = killed.now();
      for (let passed = 0; passed < milliseconds; passed += 250) {
        await watch.advance(Math.min(250, milliseconds - passed));
        told = killed.now();
      }
      const next = open(1).now().getTime();
      expect(next).toBeGreaterThanOrEqual(told.getTime());
      expect(next - told.getTime()).toBeLessThan(60_000);
    }
  });

  it("keeps what it told in a transaction that was undone", async () => {
    const killed = open(60);
    await watch.advance(10_000);
    const undone = () =>
      store.transaction(() => {
        killed.now();
        throw new Error("undone");
      });
    expect(undone).toThrow("undone");
    const told = killed.now();
    expect(open(1).now().getTime()).toBeGreaterThanOrEqual(told.getTime());
  });

  it("does not go back when the watch does, from one start to the next", async () => {
    const clock = open(1);
    const told = clock.now();
    watch = new ManualClock({ start: "2024-05-01T07:00:00.000Z" });
    expect(open(1).now()).toEqual(told);
  });
});
