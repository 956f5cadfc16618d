import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { messageOf } from "../../../../contract/errors.js";
import { type Forest, loadForest } from "../../../../contract/forest.js";
import { scoreTrips } from "./predictions.js";
import type { ScoreAnswer } from "./scorer.js";

const { model } = z.object({ model: z.instanceof(Uint8Array) }).parse(workerData);
const request = z.object({ input: z.instanceof(Uint8Array) });

function answer(message: ScoreAnswer): void {
  parentPort?.postMessage(message);
}

function serve(forest: Forest): void {
  parentPort?.on("message", (message: unknown) => {
    try {
      answer({ kind: "scored", predictions: scoreTrips(forest, request.parse(message).input) });
    } catch (error) {
      answer({ kind: "failed", message: messageOf(error) });
    }
  });
  answer({ kind: "ready" });
}

await loadForest(model).then(serve, (error: unknown) => answer({ kind: "failed", message: messageOf(error) }));
