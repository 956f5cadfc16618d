import type { Dataset } from "../studioClassic/dataset.js";
import type { Metrics } from "../studioClassic/evaluation.js";
import type { TrainingResult } from "../studioClassic/trainingJob.js";
import { tableLines } from "../terminal/table.js";
import type { Terminal } from "../terminal/terminal.js";
import type { Comparison } from "./modelComparison.js";

/** A model that is to be compared, and where it comes from. */
export interface Trained {
  readonly model: Buffer;
  readonly modelFile: string;
  /** Absent for a model that was trained elsewhere. */
  readonly service?: ServiceTraining;
}

/** A training by the service; `seconds` is how long this call took, which is the length of the training only where `found` is `nothing`. */
export interface ServiceTraining extends Pick<TrainingResult, "jobId" | "found" | "trainedAt"> {
  readonly seconds: number;
  /** The service's own evaluation (CSV), and where it is kept. */
  readonly evaluation: Buffer;
  readonly evaluationFile: string;
}

/** What a training came to. */
export interface Retrained {
  readonly dataset: Dataset;
  readonly comparison: Comparison;
  readonly trained: Trained;
}

/** Why the new model's error may be too small. */
export const mayHaveSeen =
  "the service's evaluation is not of these rows, so that the new model may have been trained on them";
const trainedElsewhere =
  "the comparison holds if the new model was not trained on these rows (infra/scoring/train.py leaves them out)";

/** Prints the metrics of both models beside each other, or one JSON object. */
export function printRetrained(retrained: Retrained, { json }: { readonly json?: boolean }, terminal: Terminal): void {
  if (json) terminal.line(JSON.stringify(asJson(retrained)));
  else printTable(retrained, terminal);
}

function asJson({ dataset, comparison, trained }: Retrained) {
  const { present } = comparison;
  return {
    event: "trained",
    jobId: trained.service?.jobId ?? null,
    trainedAt: trained.service?.trainedAt ?? null,
    label: dataset.label,
    rows: dataset.rows,
    trained: { ...comparison.trained, isUnseen: comparison.isUnseen ?? null },
    present: "why" in present ? null : { model: present.name, ...present.metrics },
    model: trained.modelFile,
    evaluation: trained.service?.evaluationFile ?? null,
  };
}

function printTable({ dataset, comparison, trained }: Retrained, terminal: Terminal): void {
  const { present } = comparison;
  const { service } = trained;
  if (service !== undefined) {
    terminal.line(`learnt ${dataset.label} from ${dataset.rows.toLocaleString("en-US")} rows${howLearnt(service)}`);
  }
  const heldOut = comparison.trained.rows.toLocaleString("en-US");
  const names = ["", "new model", "why" in present ? "" : `present model ${present.name}`];
  const values = metricRows(comparison.trained);
  const others = "why" in present ? [] : metricRows(present.metrics);
  const table = values.map(([name, value]) => {
    const other = others.find(([otherName]) => otherName === name)?.[1];
    return [name, shown(value), other === undefined ? "" : shown(other)];
  });
  terminal.line(`on the same ${heldOut} rows, every fifth of the file:`);
  for (const line of tableLines([names, ...table], Number.POSITIVE_INFINITY)) terminal.line(`  ${line}`);
  if (comparison.isUnseen === undefined) terminal.note(trainedElsewhere);
  if (comparison.isUnseen === false) terminal.note(`beware: ${mayHaveSeen}`);
  if ("why" in present) terminal.note(`no comparison: ${present.why}`);
  terminal.line(`model: ${trained.modelFile}`);
  if (service !== undefined) terminal.line(`the service's own evaluation: ${service.evaluationFile}`);
}

function howLearnt({ jobId, found, seconds, trainedAt = "before" }: ServiceTraining): string {
  if (found === "nothing") return ` in ${seconds.toFixed(1)} s (job ${jobId})`;
  if (found === "job") return ` (job ${jobId})`;
  return ` (job ${jobId}, finished ${trainedAt.replace(/\.\d+/, "")}; --again trains anew)`;
}

function metricRows(metrics: Metrics): (readonly [string, number])[] {
  if (metrics.task === "classification") {
    return [
      ["accuracy", metrics.accuracy],
      ["log loss", metrics.logLoss],
    ];
  }
  return [
    ["root mean square error", metrics.rmse],
    ["mean absolute error", metrics.mae],
    ["R²", metrics.r2],
  ];
}

const shown = (value: number) => value.toPrecision(4);
