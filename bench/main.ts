import { answering } from "./answering.js";
import { type Figure, median } from "./figure.js";
import { wholeStart } from "./wholeStart.js";

/** Three runs of each figure, as docs/performance.md tells; `--json` prints the array alone. */
const runs = 3;
const asJson = process.argv.includes("--json");
const figures: Figure[] = [];
for (const measure of [answering, wholeStart]) {
  const samples: Figure[][] = [];
  for (let run = 0; run < runs; run += 1) samples.push(await measure());
  for (const [index, first] of (samples[0] ?? []).entries()) {
    const values = samples.map((sample) => sample[index]?.value ?? Number.NaN);
    figures.push({ ...first, value: median(values) });
    if (!asJson) process.stdout.write(`${first.name}: ${values.join(", ")} ${first.unit}\n`);
  }
}
if (asJson) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
