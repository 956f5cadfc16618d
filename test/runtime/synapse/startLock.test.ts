import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import os from "node:os";
import { expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import { lockStart } from "../../../runtime/synapse/startLock.js";
import { ManualClock } from "../../helpers/manualClock.js";

const always = () => new AbortController().signal;

it("lets one start of a name at a time go on, and those of other names at once", async () => {
  const [name, other] = [randomIds.uuid(), randomIds.uuid()];
  const clock = new ManualClock({ jumps: true });
  const order: string[] = [];
  const first = await lockStart(name, clock, always());
  const second = lockStart(name, clock, always()).then((lock) => {
    order.push("second");
    lock.release();
  });
  (await lockStart(other, clock, always())).release();
  while (clock.sleeps.length < 3) await new Promise((resolve) => setImmediate(resolve));
  order.push("released");
  first.release();
  await second;
  expect(order).toEqual(["released", "second"]);
});

it("lets many take turns, never two at once, and leaves no file behind", async () => {
  const name = randomIds.uuid();
  const clock = new ManualClock({ jumps: true });
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const lock = await lockStart(name, clock, always());
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      lock.release();
    }),
  );
  expect(most).toBe(1);
  const hash = createHash("sha256").update(name).digest("hex");
  expect(readdirSync(os.tmpdir()).filter((file) => file.includes(hash))).toEqual([]);
});

it("gives up waiting at Ctrl-C", async () => {
  const name = randomIds.uuid();
  const interruption = new AbortController();
  const first = await lockStart(name, new ManualClock(), always());
  const second = lockStart(name, new ManualClock(), interruption.signal);
  interruption.abort(new Error("interrupted"));
  await expect(second).rejects.toThrow("interrupted");
  first.release();
});
