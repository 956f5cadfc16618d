import { activityRuns } from "./activityRuns.js";
import { answering } from "./answering.js";
import { deployment } from "./deployment.js";
import { expressions } from "./expressions.js";
import { type Figure, median } from "./figure.js";
import { queries } from "./queries.js";
import { throughput } from "./throughput.js";
import { waitingRuns } from "./waitingRuns.js";
import { wholeStart } from "./wholeStart.js";

/** Three runs of each figure, as docs/performance.md tells; `--json` prints the array alone. */
const runs = 3;
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
]) {
  const samples: Figure[][] = [];
  for (let run = 0; run < runs; run += 1) samples.push(await measure());
  for (const [index, first] of (samples[0] ?? []).entries()) {
    const values = samples.map((sample) => sample[index]?.value ?? Number.NaN);
    const ratios = samples.flatMap((sample) => sample[index]?.ratio ?? []);
    figures.push({ ...first, value: median(values), ratio: ratios.length > 0 ? median(ratios) : null });
    if (!asJson) process.stdout.write(`${first.name}: ${values.join(", ")} ${first.unit}\n`);
  }
}
if (asJson) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
