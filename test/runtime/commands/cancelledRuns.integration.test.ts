import { describe, expect, it } from "vitest";
import { activity, type ServerScript } from "../helpers/synapseServer.js";
import { typeCommand } from "../helpers/typeCommand.js";
import { interruptedOnceSeen, jobId, running } from "../helpers/waitingRun.js";

describe("a run that the command cancels", () => {
  const invoked = activity("invoke_batch", "Succeeded", { output: { id: jobId } });
  /** A new run, or r1, which goes on until it is cancelled; what it has done is answered with `status`. */
  function withJob(status = 200): ServerScript {
    let isCancelled = false;
    const before: ServerScript["before"] = ({ request, answer }) => {
      const url = request.url ?? "";
      const isNamed = url.startsWith("/pipelineruns/r1");
      if (url.includes("queryActivityruns"))
        answer(status, status === 200 ? { value: [invoked] } : { code: "Busy", message: "Not now." });
      else if (isNamed && url.includes("/cancel")) {
        isCancelled = true;
        answer(200);
      } else if (isNamed)
        answer(200, { runId: "r1", pipelineName: "p", status: isCancelled ? "Cancelled" : "InProgress" });
      else return false;
      return true;
    };
    return { ...running, before };
  }
  /** Nobody listens there. */
  const away = { environment: { HTTPS_PROXY: "http://127.0.0.1:9" } };

  it("with --on-timeout cancel is told as cancelled where Resource Manager is away: the job is named, no role asked for", async () => {
    const { recorded } = await typeCommand(withJob(), ["trigger", "--timeout", "20s", "--on-timeout", "cancel"], away);
    expect(recorded.exitCode).toBe(5);
    expect(recorded.out).toContain("run Cancelled");
    expect(recorded.out).not.toContain("goes on");
    expect(recorded.err).toContain("batch job batchjob-1 goes on, it could not be cancelled: management.azure.com");
    expect(recorded.err).not.toContain("role");
  });

  it("with --on-interrupt cancel ends with 4 where Resource Manager is away", async () => {
    const typed = ["trigger", "--on-interrupt", "cancel"];
    const { recorded } = await typeCommand(withJob(), typed, { ...interruptedOnceSeen(), ...away });
    expect(recorded.exitCode).toBe(4);
  });

  it("by cancel ends with 0 where Resource Manager is away, or where its activities cannot be seen", async () => {
    const jobAway = await typeCommand(withJob(), ["cancel", "r1"], away);
    expect([jobAway.recorded.exitCode, jobAway.recorded.err]).toEqual([0, ""]);
    expect(jobAway.recorded.out).toContain("batch job batchjob-1 goes on, it could not be cancelled: ");
    expect(jobAway.recorded.out).toContain("run r1 Cancelled");
    const unseen = await typeCommand(withJob(503), ["cancel", "r1"]);
    expect([unseen.recorded.exitCode, unseen.recorded.out]).toEqual([0, "run r1 Cancelled\n"]);
    expect(unseen.recorded.err).toContain("run r1 is cancelled, but what it has started cannot be seen: 503 Busy");
  });

  it("is one of several: another that cannot be cancelled is told and goes on, all the rest end", async () => {
    const cancelled = new Set<string>();
    const record = (runId: string) => ({
      runId,
      runGroupId: runId,
      pipelineName: "batch-scoring",
      status: cancelled.has(runId) ? "Cancelled" : "InProgress",
    });
    const before: ServerScript["before"] = ({ request, answer }) => {
      const url = request.url ?? "";
      const named = /^\/pipelineruns\/(r\d)/.exec(url)?.[1];
      if (url.includes("/cancel") && named === "r1") answer(500, { code: "Broken", message: "Not now." });
      else if (url.includes("/cancel") && named) {
        cancelled.add(named);
        answer(200);
      } else if (named) answer(200, record(named));
      else if (url.startsWith("/queryPipelineRuns")) answer(200, { value: ["r1", "r2", "r3"].map(record) });
      else if (url.includes("queryActivityruns")) answer(200, { value: [] });
      else return false;
      return true;
    };
    const typed = ["monitor", "r1", "r2", "r3", "--timeout", "20s", "--on-timeout", "cancel"];
    const { recorded } = await typeCommand({ before }, typed);
    expect([...cancelled].sort()).toEqual(["r2", "r3"]);
    expect(recorded.exitCode).toBe(5);
    expect(recorded.err).toContain("warning: 500 Broken from POST ");
    for (const runId of cancelled) expect(recorded.out).toMatch(new RegExp(`run Cancelled.*\\(${runId}\\)`));
    expect(recorded.out.match(/run r\d goes on/g)).toEqual(["run r1 goes on"]);
  });
});
