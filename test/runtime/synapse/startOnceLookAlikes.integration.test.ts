import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import type { Exchange, ServerScript } from "../helpers/synapseServer.js";
import { typeCommand } from "../helpers/typeCommand.js";

/** A service that gives runs ids of its own, and a pipeline whose only parameters are these. */
const pipelineParameters = {
  pollSeconds: { type: "Int", defaultValue: 30 },
  apiKey: { type: "SecureString", defaultValue: "none" },
} as const;

const manual = { id: "1", name: "Manual", invokedByType: "Manual" };
const byTrigger = { id: "2", name: "nightly", invokedByType: "ScheduleTrigger" };

function run(runId: string, pollSeconds: number, invokedBy: JsonObject = manual): JsonObject {
  const parameters = { pollSeconds: String(pollSeconds), apiKey: "***" };
  return {
    runId,
    pipelineName: "batch-scoring",
    status: "InProgress",
    runStart: "2024-05-01T08:00:02Z",
    parameters,
    invokedBy,
  };
}

/** Types `trigger --detach --param pollSeconds=5`; the workspace lists `before`, and `after` as soon as createRun came. */
async function trigger(
  lists: { readonly before?: readonly JsonObject[]; readonly after: readonly JsonObject[] },
  createRun: (exchange: Exchange) => unknown = ({ response }) => response.destroy(),
) {
  let sends = 0;
  const script: ServerScript = {
    createRun: (exchange) => {
      sends += 1;
      return createRun(exchange);
    },
    before: ({ request, answer }) => {
      if (request.url?.startsWith("/queryPipelineRuns") !== true) return false;
      answer(200, { value: [...(sends === 0 ? (lists.before ?? []) : lists.after)].reverse() });
      return true;
    },
  };
  const typed = ["trigger", "--detach", "--param", "pollSeconds=5"];
  const { recorded } = await typeCommand(script, typed, {}, { pipelineParameters });
  return { recorded, sends };
}

describe("a start without a correlation id, whose answer was lost", () => {
  it("is found by time, invoker and parameters", async () => {
    const { recorded, sends } = await trigger({
      before: [run("earlier", 5)],
      after: [run("earlier", 5), run("other-parameters", 6), run("by-trigger", 5, byTrigger), run("ours", 5)],
    });
    expect([recorded.exitCode, sends]).toEqual([0, 1]);
    expect(recorded.out).toContain("run ours of batch-scoring in ws1 started");
  });

  it("ends with code 6 and the candidates where two runs look alike", async () => {
    const { recorded, sends } = await trigger({ after: [run("one", 5), run("two", 5), run("three", 6)] });
    expect([recorded.exitCode, sends]).toEqual([6, 1]);
    const error = recorded.err.slice(recorded.err.indexOf("error:"));
    expect(error.replace(/127\.0\.0\.1:\d+/, "<host>").split("\n")).toEqual([
      "error: it is not known whether a run was started: <host> is not reachable: other side closed",
      "runs that may be it:",
      "  one  InProgress  started 2024-05-01T08:00:02Z",
      "  two  InProgress  started 2024-05-01T08:00:02Z",
      "how to solve: look at the runs (npm run runs, npm run monitor -- <run>) before you start again",
      "",
    ]);
  });

  it("takes no run that looks alike before the service's index has caught up: its own may still be missing there", async () => {
    let looks = 0;
    const after = [run("another's", 5)];
    const { recorded } = await trigger({
      get after() {
        looks += 1;
        return looks < 3 ? after : [...after, run("ours", 5)];
      },
    });
    expect(recorded.exitCode).toBe(6);
    expect(recorded.err).toContain("another's");
    expect(recorded.err).toContain("ours");
  });

  it("is sent again where it was turned away and nothing looks alike, three times in all", async () => {
    const earlier = [run("earlier", 5)];
    const { recorded, sends } = await trigger({ before: earlier, after: earlier }, ({ answer }) =>
      answer(503, { error: { code: "ServiceUnavailable", message: "busy" } }),
    );
    expect([recorded.exitCode, sends]).toEqual([6, 3]);
    expect(recorded.err).not.toContain("earlier");
  });

  it("is not sent again after a gateway's 503, which does not tell what the service did", async () => {
    const { recorded, sends } = await trigger({ after: [] }, ({ answer }) => answer(503, "<h1>no answer in time</h1>"));
    expect([recorded.exitCode, sends]).toEqual([6, 1]);
  });

  it.each([408, 500, 502, 504])("is not sent again after %i: the service may still be at it", async (status) => {
    const { recorded, sends } = await trigger({ after: [] }, ({ answer }) =>
      answer(status, { error: { code: "ServiceUnavailable", message: "busy" } }),
    );
    expect([recorded.exitCode, sends]).toEqual([6, 1]);
  });

  it("is not sent again after an answer that said that the start was taken", async () => {
    const { recorded, sends } = await trigger({ after: [] }, ({ response }) => {
      response.writeHead(202, { "content-length": "40" });
      response.write('{"runId":', () => response.destroy());
    });
    expect([recorded.exitCode, sends]).toEqual([6, 1]);
    expect(recorded.err).toContain("its answer (202) broke off");
  });
});
