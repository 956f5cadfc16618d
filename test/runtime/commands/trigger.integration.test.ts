import { describe, expect, it } from "vitest";
import { watchLine } from "../../../runtime/synapse/events.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { activity } from "../helpers/synapseServer.js";
import { forbidden, typeCommand as run, twoActivities } from "../helpers/typeCommand.js";

describe("trigger", () => {
  it("starts the run with the bare map of parameters, shows each change and ends with 0", async () => {
    const { server, recorded } = await run(twoActivities, ["trigger", "--param", "pollSeconds=5"]);
    expect(recorded.exitCode).toBe(0);
    expect(server.bodies[0]).toEqual({ pollSeconds: 5, correlationId: "00000000-0000-4000-8000-000000000001" });
    expect(server.authorizations[0]).toBe("Bearer token-for-https://dev.azuresynapse.net");
    expect(recorded.out.split("\n").map((line) => line.replace(/^\d\d:\d\d:\d\dZ/, "<time>"))).toMatchInlineSnapshot(`
      [
        "run run-1 of batch-scoring in ws1 started",
        "<time>  ● get_secret               InProgress",
        "<time>  ✓ get_secret               Succeeded     2.2s",
        "<time>  ● invoke_batch             InProgress",
        "<time>  ✓ invoke_batch             Succeeded     2.2s",
        "run Succeeded after 12.3s (run-1)",
        "",
      ]
    `);
    expect(recorded.err).toBe("");
  });

  it("writes JSON lines that fit the schema, and nothing else on stdout", async () => {
    const { recorded } = await run(twoActivities, ["trigger", "--json"]);
    const lines = recorded.out
      .trim()
      .split("\n")
      .map((line) => watchLine.parse(JSON.parse(line)));
    expect(lines.map((line) => line.event)).toEqual([
      "started",
      "run",
      "activity",
      "activity",
      "activity",
      "activity",
      "run",
      "finished",
    ]);
    expect(lines.at(-1)).toMatchObject({ status: "Succeeded", exitCode: 0, cause: null });
  });

  it("waits as long as Retry-After says when a poll is throttled", async () => {
    let throttled = false;
    const clock = new ManualClock({ jumps: true });
    const { recorded } = await run(
      {
        ...twoActivities,
        before: ({ request, answer }) => {
          if (throttled || request.method !== "GET" || request.url?.includes("/pipelineruns/") !== true) return false;
          throttled = true;
          answer(429, { error: { code: "TooManyRequests", message: "slow down" } }, { "retry-after": "11" });
          return true;
        },
      },
      ["trigger"],
      { clock },
    );
    expect(recorded.exitCode).toBe(0);
    expect(clock.sleeps).toContain(11_000);
  });

  it("ends with 1 and one line: activity, status, URL, the service's sentence; then the cure", async () => {
    const sentence = "Caller is not authorized to perform action on resource.";
    const body = JSON.stringify({
      error: { code: "Forbidden", message: `${sentence}\r\nIf role assignments were changed recently` },
    });
    const error = {
      errorCode: "2108",
      message: `Invoking Web Activity failed with HttpStatusCode - '403 : Forbidden', message - '${body}'`,
      failureType: "UserError",
      target: "get_secret",
      details: "",
    };
    const { recorded } = await run(
      {
        steps: [
          {
            status: "Failed",
            message: `Operation on target get_secret failed: ${error.message}`,
            activities: [activity("get_secret", "Failed", { error })],
          },
        ],
      },
      ["trigger"],
    );
    expect(recorded.exitCode).toBe(1);
    expect(recorded.err).toBe(
      [
        `error: get_secret failed: 403 from https://kv1.vault.azure.net/secrets/clientid: ${sentence}`,
        "how to solve: the workspace's identity needs the role Key Vault Secrets User on kv1: pulumi up assigns it; a new role takes a few minutes",
        "",
      ].join("\n"),
    );
  });

  it("detaches with --detach: prints the id and how to come back, and polls nothing", async () => {
    const { recorded, server } = await run(twoActivities, ["trigger", "--detach"]);
    expect(recorded.exitCode).toBe(0);
    expect(recorded.out).toBe(
      "run run-1 of batch-scoring in ws1 started\ndetached: run run-1 goes on; come back with: npm run monitor -- run-1 --outputs outputs.json\n",
    );
    expect(server.requests).toEqual(["POST /pipelines/batch-scoring/createRun"]);
  });

  it("detaches at Ctrl-C: says how to come back and ends with 130, the run goes on", async () => {
    const interruption = new AbortController();
    const { recorded, server } = await run(
      {
        steps: [{ status: "InProgress" }],
        before: ({ request }) => {
          if (request.url?.includes("/queryActivityruns")) interruption.abort(new Error("interrupted"));
          return false;
        },
      },
      ["trigger"],
      { signal: interruption.signal },
    );
    expect(recorded.exitCode).toBe(130);
    expect(recorded.out).toContain("detached by Ctrl-C: run run-1 goes on; come back with: npm run monitor -- run-1");
    expect(server.requests.some((request) => request.includes("cancel"))).toBe(false);
  });

  it("ends with 5 when the time of --timeout is over", async () => {
    const { recorded } = await run({ steps: [{ status: "InProgress" }] }, ["trigger", "--timeout", "10m", "--json"]);
    expect(recorded.exitCode).toBe(5);
    expect(JSON.parse(recorded.out.trim().split("\n").at(-1) ?? "")).toMatchObject({
      event: "detached",
      reason: "timeout",
    });
  });

  it("ends with 4 when the run was cancelled", async () => {
    const { recorded } = await run({ steps: [{ status: "Cancelled" }] }, ["trigger"]);
    expect(recorded.exitCode).toBe(4);
  });

  it("goes on through a poll that fails, and says so", async () => {
    let failures = 0;
    const { recorded } = await run(
      {
        ...twoActivities,
        before: ({ request, response }) => {
          if (request.url?.includes("/pipelineruns/") !== true || failures >= 6) return false;
          failures += 1;
          response.destroy();
          return true;
        },
      },
      ["trigger"],
    );
    expect(recorded.exitCode).toBe(0);
    expect(recorded.err).toContain("cannot see the run at the moment, trying again: 127.0.0.1");
  });

  it("ends with 6, not 3, when a run that was started may not be watched", async () => {
    const { recorded } = await run(
      {
        before: ({ request, answer }) => {
          if (request.url?.startsWith("/pipelineruns/") !== true) return false;
          answer(403, { error: { code: "Unauthorized", message: forbidden } });
          return true;
        },
      },
      ["trigger"],
    );
    expect(recorded.exitCode).toBe(6);
    expect(recorded.err).toContain("run run-1 was started, but it cannot be watched: 403 Unauthorized");
    expect(recorded.err).toContain("npm run monitor -- run-1");
  });

  it("refuses wrong parameters before anything is sent", async () => {
    const { recorded, server } = await run({}, ["trigger", "--param", "polSeconds=5", "--param", "pollSeconds=often"]);
    expect(recorded.exitCode).toBe(2);
    expect(server.requests).toEqual([]);
    expect(recorded.err).toContain("polSeconds is no parameter of this pipeline: did you mean pollSeconds?");
    expect(recorded.err).toContain('pollSeconds must be a whole number (Int), not "often"');
  });

  it("prints no secret: neither a SecureString parameter, nor the client secret, nor a token", async () => {
    const secret = "s3cret-of-the-user";
    const { recorded } = await run(
      {
        createRun: ({ answer, body, request }) =>
          answer(400, {
            error: {
              code: "BadRequest",
              message: `cannot use ${JSON.stringify(body)} with ${request.headers.authorization?.replace("Bearer ", "")} and client-s3cret`,
            },
          }),
      },
      ["trigger", "--param", `apiKey=${secret}`],
      { environment: { AZURE_CLIENT_SECRET: "client-s3cret" } },
    );
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("cannot use");
    expect(recorded.out + recorded.err).not.toMatch(/s3cret|token-for/);
  });
});
