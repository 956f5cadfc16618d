import { startEmulatorProcess } from "./emulatorProcess.js";
import type { Figure } from "./figure.js";

/** From node's start to the emulator's first answer, on an empty state folder. */
export async function answering(): Promise<Figure[]> {
  const started = performance.now();
  const emulator = await startEmulatorProcess();
  const elapsed = performance.now() - started;
  await emulator.close();
  return [{ name: "emulator answers", value: Math.round(elapsed), unit: "ms", peer: null, ratio: null }];
}
