import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { type Forest, loadForest } from "../../contract/forest.js";
import { knownFareColumn } from "../../contract/trips.js";
import type { Dataset } from "../studioClassic/dataset.js";
import { evaluate, type Metrics } from "../studioClassic/evaluation.js";
import { agrees } from "../studioClassic/serviceEvaluation.js";
import type { Trained } from "./retrainReport.js";
import type { NoStack, StackModels } from "./stackModels.js";

/** Two models' errors on the same held-out rows. */
export interface Comparison {
  readonly trained: Metrics;
  /** Whether the service has held these rows out; undefined for a model that was trained elsewhere. */
  readonly isUnseen: boolean | undefined;
  /** The model that the deployment runs; a sentence where it cannot be compared. */
  readonly present: { readonly name: string; readonly metrics: Metrics } | { readonly why: string };
}

/**
 * Scores the held-out rows with the new model and with the present one, here and now. Rejects with exit code 2 where the
 * new one cannot score them.
 */
export async function compareModels(
  { model, modelFile, service }: Trained,
  dataset: Dataset,
  stack: StackModels | NoStack,
): Promise<Comparison> {
  const trained = await withForest(model, (forest) => evaluate(forest, dataset.heldOut)).catch((thrown: unknown) => {
    if (thrown instanceof ProgramError) throw thrown;
    throw new ProgramError(exitCodes.usage, `${modelFile} cannot score the held-out rows: ${messageOf(thrown)}`, {
      cure: "a model is the zip that a training of the same columns writes: model.ilearner here, model.zip of train.py",
      cause: thrown,
    });
  });
  return {
    trained,
    isUnseen: service && agrees(service.evaluation, trained),
    present: await presentMetrics(trained.task, dataset, stack),
  };
}

async function presentMetrics(
  task: Metrics["task"],
  { heldOut, label }: Dataset,
  stack: StackModels | NoStack,
): Promise<Comparison["present"]> {
  if ("reason" in stack) return { why: stack.reason.message };
  const { deployment, model } = stack;
  const name = `${model.name}:${model.version} (${deployment.name})`;
  if (label !== knownFareColumn) return { why: `${name} predicts ${knownFareColumn}, not ${label}` };
  const bytes = await model.store.read(model.path);
  try {
    const metrics = await withForest(bytes, (forest) => evaluate(forest, heldOut));
    if (metrics.task === task) return { name, metrics };
    return { why: `${name} is a ${metrics.task}, and the new model is a ${task}` };
  } catch (thrown) {
    if (thrown instanceof ProgramError) throw thrown;
    return { why: `${name} cannot score these rows: ${messageOf(thrown)}` };
  }
}

async function withForest<T>(model: Uint8Array, work: (forest: Forest) => T): Promise<T> {
  const forest = await loadForest(model);
  try {
    return work(forest);
  } finally {
    forest.unload();
  }
}
