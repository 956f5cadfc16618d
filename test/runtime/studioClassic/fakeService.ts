import type { BatchExecution, JobRequest } from "../../../runtime/studioClassic/batchExecution.js";
import type { JobState, JobStatus } from "../../../runtime/studioClassic/jobStatus.js";
import type { TrainingStorage } from "../../../runtime/studioClassic/trainingStorage.js";

/** A service and its storage in memory: a job goes through the script's states, one a look, and stays at the last one. */
export class FakeService implements BatchExecution {
  readonly calls: string[] = [];
  readonly submitted: JobRequest[] = [];
  /** The ids of the jobs that are there. */
  readonly jobs: string[] = [];
  /** How many downloads are refused before one succeeds. */
  expiredTokens = 0;
  hasOutputs = true;
  #looks = 0;
  #cut: { readonly call: number; readonly side: "before" | "after" } | undefined;

  constructor(
    public script: readonly (JobState | "gone")[],
    private readonly details = "",
  ) {}

  /** The next training loses its connection before its call of that number, counted from 0, or before the answer to it. */
  break(side: "before" | "after", call: number): void {
    this.#cut = { call: this.calls.length + call, side };
  }

  async submit(request: JobRequest): Promise<string> {
    return this.#call("submit", () => {
      this.submitted.push(request);
      const id = `job-${this.submitted.length}`;
      this.jobs.push(id);
      this.#looks = 0;
      return id;
    });
  }

  async start(jobId: string): Promise<void> {
    this.#call(`start ${jobId}`, () => {});
  }

  async status(jobId: string): Promise<JobStatus | undefined> {
    return this.#call(`status ${jobId}`, () => this.#statusOf(jobId));
  }

  #statusOf(jobId: string): JobStatus | undefined {
    const state = this.script[Math.min(this.#looks, this.script.length - 1)] ?? "gone";
    this.#looks += 1;
    if (!this.jobs.includes(jobId) || state === "gone") return undefined;
    const outputs = Object.entries(this.submitted.at(-1)?.Outputs ?? {}).map(([name, { RelativeLocation }]) => [
      name,
      { RelativeLocation },
    ]);
    const isDone = state === "Finished" && this.hasOutputs;
    return { state, outputs: isDone ? Object.fromEntries(outputs) : {}, details: this.details };
  }

  async delete(jobId: string): Promise<void> {
    this.#call(`delete ${jobId}`, () => {
      const place = this.jobs.indexOf(jobId);
      if (place !== -1) this.jobs.splice(place, 1);
    });
  }

  readonly storage: TrainingStorage = {
    upload: async (location) => this.#call(`upload ${location}`, () => `https://blobs/${location}?sig=x`),
    download: async ({ RelativeLocation }) =>
      this.#call(`download ${RelativeLocation}`, () => {
        this.expiredTokens -= 1;
        if (this.expiredTokens >= 0) return undefined;
        const what = RelativeLocation.includes("model") ? "model" : "evaluation";
        return Buffer.from(`${what} of ${this.jobs.at(-1)}`);
      }),
    delete: async (location) => this.#call(`remove ${location}`, () => {}),
  };

  #call<T>(name: string, work: () => T): T {
    const cut = this.#cut?.call === this.calls.length ? this.#cut.side : undefined;
    if (cut !== undefined) this.#cut = undefined;
    if (cut === "before") throw new Error("the line is cut");
    this.calls.push(name);
    const answer = work();
    if (cut === "after") throw new Error("the line is cut");
    return answer;
  }
}
