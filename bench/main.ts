import { activityRuns } from "./activityRuns.js";
import { answering } from "./answering.js";
import { deployment } from "./deployment.js";
import { expressions } from "./expressions.js";
import { type Figure, median } from "./figure.js";
import { queries } from "./queries.js";
import { scoring } from "./scoring.js";
import { states } from "./states.js";
import { throughput } from "./throughput.js";
import { training } from "./training.js";
import { triggering } from "./triggering.js";
import { waitingRuns } from "./waitingRuns.js";
import { watching } from "./watching.js";
import { wholeStart } from "./wholeStart.js";

/** Three runs of each figure, as docs/performance.md tells; `--json` prints the array alone. */
const runs = 3;
/** Long ones, with samples of their own. */
const once = new Set([scoring, states, watching]);
const asJson = process.argv.includes("--json");
const figures: Figure[] = [];
for (const measure of [
  answering,
  deployment,
  throughput,
  wholeStart,
  expressions,
  activityRuns,
  waitingRuns,
  queries,
  triggering,
  states,
  watching,
  training,
  scoring,
]) {
  const samples: Figure[][] = [];
  for (let run = 0; run < (once.has(measure) ? 1 : runs); run += 1) samples.push(await measure());
  for (const [index, first] of (samples[0] ?? []).entries()) {
    const values = samples.map((sample) => sample[index]?.value ?? Number.NaN);
    const ratios = samples.flatMap((sample) => sample[index]?.ratio ?? []);
    figures.push({ ...first, value: median(values), ratio: ratios.length > 0 ? median(ratios) : null });
    const beside = first.peer === null ? "" : `; ${ratios.join(", ")} times ${first.peer}`;
    if (!asJson)
      process.stdout.write(`${first.name}: ${(first.samples ?? values).join(", ")} ${first.unit}${beside}\n`);
  }
}
if (asJson) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
