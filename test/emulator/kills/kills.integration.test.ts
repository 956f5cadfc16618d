import { beforeAll, it } from "vitest";
import { afterChanges, jobIsThere, killAt, seededChanges, type Undisturbed, undisturbed } from "./killPoints.js";

const seed = 2026;
const kills = 6;
let before: Undisturbed;
beforeAll(async () => {
  before = await undisturbed();
}, 60_000);

it.each(Array.from({ length: kills }, (_, index) => index))(
  "after kill -9 number %d the run ends as if nothing had been, with one job at most, and every acknowledged write is there",
  async (index) => {
    await killAt(afterChanges(Number(seededChanges(seed, kills, before.changes)[index])), before);
  },
  60_000,
);

it("after kill -9 as soon as the batch job is there, it stays the only one", () => killAt(jobIsThere, before), 60_000);
