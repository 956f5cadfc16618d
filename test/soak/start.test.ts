import { expect, it } from "vitest";
import { startMany } from "../runtime/synapse/manyStarts.js";
import { expectFaultyRequests, expectNoneLostNoneDoubled } from "../runtime/synapse/noneLost.js";

it("500 seeded starts with 20 % faulty requests, the emulator killed and restarted in between: none lost, none doubled", async () => {
  const many = await startMany({ starts: 500, restarts: 20, seed: 500 });
  expectNoneLostNoneDoubled(many);
  expect(many.ends.length).toBe(500);
  expectFaultyRequests(many, 0.2);
}, 600_000);
