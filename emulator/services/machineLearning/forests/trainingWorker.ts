import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../../../contract/errors.js";
import { retrain } from "./retraining.js";
import { type TrainingAnswer, trainingRequest } from "./trainer.js";

function answer(message: TrainingAnswer): void {
  parentPort?.postMessage(message);
}

const { input, label, task } = trainingRequest.parse(workerData);
try {
  const made = await retrain(input, {
    label,
    task,
    onStage: (stage) => answer({ kind: "stage", stage }),
    onLog: (line) => answer({ kind: "log", line }),
    now: () => performance.now(),
  });
  answer({ kind: "trained", ...made });
} catch (error) {
  answer({ kind: "failed", message: messageOf(error) });
}
