/** A scoring thread that is ready and never answers: a job stays Running until it is cancelled. */
export const hangingWorker = new URL(
  `data:text/javascript,${encodeURIComponent('import {parentPort} from "node:worker_threads"; parentPort.on("message",()=>{}); parentPort.postMessage({kind:"ready"});')}`,
);
