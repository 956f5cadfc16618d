import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { messageOf } from "../../../../contract/errors.js";
import { type Forest, loadForest } from "../../../../contract/forest.js";
import { scoreChunk } from "./predictions.js";
import type { ScoreAnswer } from "./scorer.js";

const { model } = z.object({ model: z.instanceof(Uint8Array) }).parse(workerData);
const request = z.object({ header: z.array(z.string()), firstRow: z.number(), bytes: z.instanceof(Uint8Array) });

function answer(message: ScoreAnswer, owned: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, owned);
}

function serve(forest: Forest): void {
  parentPort?.on("message", (message: unknown) => {
    try {
      const predictions = scoreChunk(forest, request.parse(message));
      answer({ kind: "scored", predictions }, [predictions.buffer as ArrayBuffer]);
    } catch (error) {
      answer({ kind: "failed", message: messageOf(error) });
    }
  });
  answer({ kind: "ready" });
}

await loadForest(model).then(serve, (error: unknown) => answer({ kind: "failed", message: messageOf(error) }));
