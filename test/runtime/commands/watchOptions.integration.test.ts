import { describe, expect, it } from "vitest";
import { activity, type ServerScript } from "../helpers/synapseServer.js";
import { forbidden, typeCommand } from "../helpers/typeCommand.js";
import { interruptedOnceSeen, jobId, running } from "../helpers/waitingRun.js";

const cancels = (requests: readonly string[]) => requests.filter((request) => request.endsWith("/cancel"));
/** A token that says whose it is. */
const claims = Buffer.from(JSON.stringify({ oid: "0b1e" })).toString("base64url");
const signedIn = { tokens: { token: async () => `eyJhbGciOiJub25lIn0.${claims}.signature` } };

describe("--timeout", () => {
  it("with --on-timeout leave ends with 5, and the run goes on", async () => {
    const { recorded, server } = await typeCommand(running, ["trigger", "--timeout", "20s", "--on-timeout", "leave"]);
    expect(recorded.exitCode).toBe(5);
    expect(recorded.out).toContain("the time of --timeout is over: run run-1 goes on; come back with: npm run monitor");
    expect(cancels(server.requests)).toEqual([]);
  });

  it("with --on-timeout cancel cancels the run, shows its end, and ends with 5", async () => {
    const typed = ["trigger", "--timeout", "20s", "--on-timeout", "cancel", "--json"];
    const { recorded, server } = await typeCommand(running, typed);
    expect(recorded.exitCode).toBe(5);
    expect(cancels(server.requests)).toEqual(["POST /pipelineruns/run-1/cancel"]);
    const last: unknown = JSON.parse(recorded.out.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ event: "finished", status: "Cancelled", exitCode: 5 });
  });
});

describe("Ctrl-C", () => {
  it("detaches and says how to come back: exit code 130", async () => {
    let out = "";
    const interrupted = interruptedOnceSeen();
    const { recorded, server } = await typeCommand(running, ["trigger"], {
      ...interrupted,
      stdout: {
        write: (text) => {
          out += text;
          interrupted.stdout?.write(text);
        },
      },
    });
    expect(recorded.exitCode).toBe(130);
    expect(out).toContain("detached by Ctrl-C: run run-1 goes on; come back with: npm run monitor -- run-1");
    expect(cancels(server.requests)).toEqual([]);
  });

  it("cancels by --on-interrupt cancel: exit code 4", async () => {
    const typed = ["trigger", "--on-interrupt", "cancel"];
    const { recorded, server } = await typeCommand(running, typed, interruptedOnceSeen());
    expect([recorded.exitCode, recorded.err]).toEqual([4, ""]);
    expect(cancels(server.requests)).toEqual(["POST /pipelineruns/run-1/cancel"]);
  });

  it("says before the start that --on-interrupt cancel will be refused, where the caller lacks the role", async () => {
    let startsWhenWarned: number | undefined;
    const notAllowed = ["Microsoft.Synapse/workspaces/cancelPipelineRun/action"];
    let starts = 0;
    const before: ServerScript["before"] = ({ request }) => {
      if (request.url?.includes("/createRun")) starts += 1;
      return false;
    };
    const script = { steps: [{ status: "Succeeded" }], notAllowed, before };
    let err = "";
    await typeCommand(script, ["trigger", "--on-interrupt", "cancel"], {
      ...signedIn,
      stderr: {
        write: (text) => {
          err += text;
          startsWhenWarned ??= starts;
        },
      },
    });
    expect([startsWhenWarned, starts]).toEqual([0, 1]);
    expect(err).toContain(
      "warning: --on-interrupt cancel will be refused: this identity lacks the role Synapse Compute Operator",
    );
    expect(err).toContain("--assignee-object-id 0b1e");
  });
});

describe("several runs", () => {
  it("are shown by one monitor; the gravest end counts, and each failure is told", async () => {
    const before: ServerScript["before"] = ({ request, answer }) => {
      const url = request.url ?? "";
      const record = (runId: string) => ({
        runId,
        runGroupId: runId,
        pipelineName: "batch-scoring",
        status: runId === "r2" ? "Failed" : "Succeeded",
        message: runId === "r2" ? "Out of quota" : "",
        durationInMs: 1000,
      });
      const named = /^\/pipelineruns\/(r\d)\?/.exec(url)?.[1];
      if (named) answer(200, record(named));
      else if (url.startsWith("/queryPipelineRuns")) answer(200, { value: ["r1", "r2", "r3"].map(record) });
      else if (url.includes("queryActivityruns")) answer(200, { value: [] });
      else return false;
      return true;
    };
    const { recorded } = await typeCommand({ before }, ["monitor", "r1", "r2", "r3"]);
    expect(recorded.exitCode).toBe(1);
    expect(recorded.out).toContain("run Succeeded after 1.0s (r1)");
    expect(recorded.err).toContain("error: run r2: the run failed: Out of quota\nhow to solve: look at the run's");
  });
});

describe("cancel", () => {
  it("of a run that is over already is a success", async () => {
    const before: ServerScript["before"] = ({ request, answer }) => {
      if (!request.url?.startsWith("/pipelineruns/r1")) return false;
      answer(200, { runId: "r1", pipelineName: "p", status: "Succeeded", durationInMs: 2000 });
      return true;
    };
    const activities: ServerScript["before"] = (exchange) => {
      if (!exchange.request.url?.includes("queryActivityruns")) return before(exchange);
      exchange.answer(200, { value: [] });
      return true;
    };
    const { recorded, server } = await typeCommand({ before: activities }, ["cancel", "r1"]);
    expect([recorded.exitCode, recorded.out]).toEqual([0, "run r1 is over already: Succeeded after 2.0s\n"]);
    expect(cancels(server.requests)).toEqual([]);
  });

  it("of a run that ends while it is asked for is a success, whatever the service's refusal is", async () => {
    let looks = 0;
    const before: ServerScript["before"] = ({ request, answer }) => {
      const url = request.url ?? "";
      if (url.includes("/cancel")) answer(400, { error: { code: "BadRequest", message: "The run has completed." } });
      else if (url.includes("queryActivityruns")) answer(200, { value: [] });
      else if (url.startsWith("/pipelineruns/r1")) {
        looks += 1;
        answer(200, { runId: "r1", pipelineName: "p", status: looks === 1 ? "InProgress" : "Succeeded" });
      } else return false;
      return true;
    };
    const { recorded } = await typeCommand({ before }, ["cancel", "r1"]);
    expect([recorded.exitCode, recorded.err]).toEqual([0, ""]);
    expect(recorded.out).toContain("run r1 is over already: Succeeded");
  });

  it("of an unknown run ends with 2", async () => {
    const { recorded } = await typeCommand({}, ["cancel", "r9"]);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("there is no run r9 in ws1: 404 RunNotFound");
  });

  it("names the missing role where it is refused: exit code 3", async () => {
    const before: ServerScript["before"] = ({ request, answer }) => {
      const url = request.url ?? "";
      if (url.includes("/cancel")) answer(403, { error: { code: "Unauthorized", message: forbidden } });
      else if (url.startsWith("/pipelineruns/r1"))
        answer(200, { runId: "r1", pipelineName: "p", status: "InProgress" });
      else return false;
      return true;
    };
    const { recorded } = await typeCommand({ before }, ["cancel", "r1"], signedIn);
    expect(recorded.exitCode).toBe(3);
    expect(recorded.err).toContain(`run r1 cannot be cancelled: 403 Unauthorized`);
    expect(recorded.err).toContain('--role "Synapse Compute Operator" --assignee-object-id 0b1e');
  });
});

describe("--verbose", () => {
  const failing: ServerScript = {
    steps: [
      {
        status: "Failed",
        message: "Operation on target invoke_batch failed: no",
        activities: [
          activity("invoke_batch", "Failed", {
            input: {
              method: "POST",
              url: "https://taxi.centralus.inference.ml.azure.com/jobs",
              headers: { Authorization: "Bearer very-secret-token-of-the-run", "x-trace": "t1" },
              body: { client_secret: "s3cret", properties: { name: "n1" } },
            },
            output: { id: jobId, ADFHttpStatusCodeInResponse: "403" },
            error: {
              errorCode: "2108",
              message: '{"error":{"code":"Forbidden","message":"Not you."}}',
              failureType: "UserError",
              target: "invoke_batch",
              details: "",
            },
          }),
        ],
      },
    ],
  };

  it("shows what the failed activity sent and was answered, without secrets; then one line of cause and the cure", async () => {
    const { recorded } = await typeCommand(failing, ["trigger", "--verbose"]);
    expect(recorded.exitCode).toBe(1);
    expect(recorded.err).toContain('"url": "https://taxi.centralus.inference.ml.azure.com/jobs"');
    expect(recorded.err).toContain('"x-trace": "t1"');
    expect(recorded.err).toContain("answer: 403 {");
    expect(recorded.err).toContain(
      "error: invoke_batch failed: 403 from https://taxi.centralus.inference.ml.azure.com/jobs: Not you.\nhow to solve: ",
    );
    expect(recorded.err + recorded.out).not.toMatch(/s3cret|very-secret/);
  });

  it("is needed for that: without it there is the cause and the cure alone", async () => {
    const { recorded } = await typeCommand(failing, ["trigger", "--json"]);
    expect(recorded.err).not.toContain("x-trace");
    expect(JSON.parse(recorded.out.trim().split("\n").at(-1) ?? "")).toMatchObject({ request: null, answer: null });
  });

  it("shows the request and the answer of the command itself, where that is refused", async () => {
    const before: ServerScript["before"] = ({ answer }) => {
      answer(403, { error: { code: "Unauthorized", message: forbidden } });
      return true;
    };
    const { recorded, server } = await typeCommand({ before }, ["runs", "--verbose"]);
    expect(recorded.exitCode).toBe(3);
    expect(recorded.err).toContain(`request: POST ${server.url}/queryPipelineRuns\n{\n`);
    expect(recorded.err).toContain("answer: 403 Unauthorized\n{");
  });
});
