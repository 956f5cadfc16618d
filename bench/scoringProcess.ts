import { once } from "node:events";
import { createReadStream, createWriteStream, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chunksOf } from "../contract/tableChunks.js";
import { startScorer } from "../emulator/services/machineLearning/forests/scorer.js";
import { startScoringThreads, threadsFor } from "../emulator/services/machineLearning/forests/scoringThreads.js";

/** Scores a file into another with the threads of a job, and writes how many bytes of this process were resident at most. */
const [, , worker = "", model = "", input = "", output = ""] = process.argv;
const zip = readFileSync(model);
const count = threadsFor(statSync(input).size);
const threads = await startScoringThreads((ended) => startScorer(pathToFileURL(worker), zip, ended), count);
const written = createWriteStream(output);
for await (const rows of threads.score(chunksOf(createReadStream(input)))) {
  if (!written.write(rows)) await once(written, "drain");
}
written.end();
await once(written, "close");
await threads.close();
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
process.stdout.write(String(Number(kilobytes) * 1024));
