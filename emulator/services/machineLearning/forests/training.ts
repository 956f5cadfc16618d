import { createRequire } from "node:module";
import loadYdf from "ydf-training";
import type { TrainingTask } from "../../../../contract/retraining.js";
import type { ExampleRows } from "./examples.js";

/** Gradient boosted trees. */
export interface TrainedForest {
  /** The model as a flat zip, which `loadForest` and, unpacked, Python's `ydf` load. */
  readonly model: Uint8Array;
  readonly trees: number;
  /** Each feature's share of what all splits gained, from 0 to 1, the greatest first. */
  readonly importance: readonly { readonly feature: string; readonly share: number }[];
}

/**
 * Trains gradient boosted trees with the library's own settings. Equal examples give equal trees; the file also holds
 * the time. Blocks its thread, prints on stdout and installs handlers on `process`: run it in a worker or a script of
 * its own. `log` is told the library's own lines as they are written.
 */
export async function trainForest(
  { columns, labels }: ExampleRows,
  options: { readonly label: string; readonly task: TrainingTask; readonly log?: (line: string) => void },
): Promise<TrainedForest> {
  const { label, task, log = ignore } = options;
  // YDF's own dependency, which it expects as a global when it saves, as in a browser
  const JSZip: unknown = createRequire(createRequire(import.meta.url).resolve("ydf-training"))("jszip");
  Object.assign(globalThis, { JSZip });
  const ydf = await loadYdf({ print: ignore, printErr: log });
  const learner = new ydf.GradientBoostedTreesLearner(label, task === "regression" ? "REGRESSION" : "CLASSIFICATION");
  const model = learner.train({ ...columns, [label]: labels });
  const saved = await model.save();
  const description = model.describe();
  model.unload();
  return {
    model: new Uint8Array(await saved.arrayBuffer()),
    trees: Number(/^Number of trees: (\d+)$/m.exec(description)?.[1]),
    importance: importanceIn(description, Object.keys(columns)),
  };
}

/** From the description's table of gains; a feature that no split uses is not in it. */
function importanceIn(description: string, features: readonly string[]): TrainedForest["importance"] {
  const [, table = ""] = description.split("Variable Importance: SUM_SCORE:");
  const [rows = ""] = table.split("\n\n");
  const gains = new Map<string, number>();
  for (const [, feature = "", gain] of rows.matchAll(/^ *\d+\. +"(.*)" +(\S+)/gm)) gains.set(feature, Number(gain));
  const total = [...gains.values()].reduce((sum, gain) => sum + gain, 0);
  return features
    .map((feature) => ({ feature, share: total === 0 ? 0 : (gains.get(feature) ?? 0) / total }))
    .sort((one, other) => other.share - one.share);
}

/** YDF prints what it saves on stdout, which belongs to the commands. */
function ignore(): void {}
