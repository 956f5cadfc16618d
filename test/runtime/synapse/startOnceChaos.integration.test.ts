import { expect, it } from "vitest";
import { startMany } from "./manyStarts.js";
import { expectFaultyRequests, expectNoneLostNoneDoubled } from "./noneLost.js";

it("40 seeded starts with 20 % faulty requests, the emulator killed and restarted in between: none lost, none doubled", async () => {
  const many = await startMany({ starts: 40, restarts: 3, seed: 20_24 });
  expectNoneLostNoneDoubled(many);
  expect(many.ends.length).toBe(40);
  expectFaultyRequests(many, 0.2);
}, 60_000);
