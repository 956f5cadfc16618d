import { beforeAll, it } from "vitest";
import { afterChanges, killAt, seededChanges, type Undisturbed, undisturbed } from "../emulator/kills/killPoints.js";

/** Other numbers kill at other places: SOAK_SEED=7 SOAK_KILLS=20 npm run soak */
const seed = Number(process.env["SOAK_SEED"] ?? 1);
const kills = Number(process.env["SOAK_KILLS"] ?? 100);
let before: Undisturbed;
beforeAll(async () => {
  before = await undisturbed();
});

it.each(Array.from({ length: kills }, (_, index) => index))(
  `a run of the deployed pipeline outlives kill -9 number %d of seed ${seed}`,
  (index) => killAt(afterChanges(Number(seededChanges(seed, kills, before.changes)[index])), before),
);
