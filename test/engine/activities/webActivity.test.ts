import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { HttpFailure, type HttpRequest } from "../../../emulator/engine/ports.js";
import { type Handler, pipeline, setVariable, testEngine, web } from "../testEngine.js";

const body = { name: "x", "@odd": 1 };
const call = (properties: JsonObject, handler: Handler = () => ({})) => {
  const test = testEngine({ handler });
  return test.run(pipeline([web("call", properties)])).then((result) => ({ ...result, sent: test.sent }));
};

describe("the request", () => {
  it("sends evaluated url, headers and text as they are", async () => {
    const { sent } = await call({
      url: "@concat('\t https://host.example/','x ')",
      method: "post",
      headers: { Authorization: "@concat('Bearer ', 'abc')", "Content-Type": "application/x-www-form-urlencoded" },
      body: "a=@{add(1,1)}",
    });
    expect(sent).toMatchObject([
      {
        method: "POST",
        url: "https://host.example/x",
        headers: { Authorization: "Bearer abc", "Content-Type": "application/x-www-form-urlencoded" },
        body: "a=2",
        timeoutMs: 60_000,
        maxResponseBytes: 4 * 1024 * 1024,
      },
    ]);
  });

  it("sends an object as its JSON, every string in it evaluated, and names it JSON", async () => {
    const { sent } = await call({ method: "PUT", body: { a: "@add(1,2)", b: ["@{pipeline().RunId}", 1.5] } });
    expect(sent[0]?.body).toBe('{"a":3,"b":["11111111-2222-4333-8444-555555555555",1.5]}');
    expect(sent[0]?.headers).toEqual({ "Content-Type": "application/json" });
  });

  it.each([
    ["GET", { a: 1 }],
    ["POST", "@null"],
  ])("has no body for %s with %j", async (method, given) => {
    const { sent } = await call({ method, body: given });
    expect(sent[0]?.body).toBeUndefined();
    expect(sent[0]?.headers).toEqual({});
  });

  it("takes headers as the JSON text of an object, too", async () => {
    const { sent } = await call({ headers: "@concat('{\"X-Key\":\"', 'k', '\"}')" });
    expect(sent[0]?.headers).toEqual({ "X-Key": "k" });
  });

  it("waits as long for its answer as httpRequestTimeout says", async () => {
    const { sent } = await call({ httpRequestTimeout: "00:10:00" });
    expect(sent[0]?.timeoutMs).toBe(600_000);
  });
});

describe("authentication", () => {
  it.each([
    [
      { type: "MSI", resource: "https://vault.azure.net" },
      { kind: "workspace", resource: "https://vault.azure.net" },
    ],
    [
      {
        type: "UserAssignedManagedIdentity",
        resource: "r",
        credential: { referenceName: "c", type: "CredentialReference" },
      },
      { kind: "userAssigned", credential: "c", resource: "r" },
    ],
    [
      {
        type: "ServicePrincipal",
        userTenant: "t",
        username: "@concat('i','d')",
        password: { type: "SecureString", value: "s" },
        resource: "r",
      },
      { kind: "servicePrincipal", tenant: "t", clientId: "id", clientSecret: "s", resource: "r" },
    ],
  ])("of %j asks for a token and sends it", async (authentication, expected) => {
    const asked: unknown[] = [];
    const test = testEngine({
      token: async (request) => {
        asked.push(request);
        return "t0ken";
      },
    });
    await test.run(pipeline([web("call", { authentication })]));
    expect(asked).toEqual([expected]);
    expect(test.sent[0]?.headers).toEqual({ Authorization: "Bearer t0ken" });
  });

  it("of type Basic sends user and password", async () => {
    const { sent } = await call({ authentication: { type: "Basic", username: "u", password: "p" } });
    expect(sent[0]?.headers).toEqual({ Authorization: `Basic ${Buffer.from("u:p").toString("base64")}` });
  });

  it("that is refused fails the activity with the sign-in service's own sentence", async () => {
    const test = testEngine({
      token: () => Promise.reject(new Error("AADSTS7000215: Invalid client secret provided.")),
    });
    const result = await test.run(pipeline([web("call", { authentication: { type: "MSI", resource: "r" } })]));
    expect(result.activity("call").error.message).toContain("AADSTS7000215: Invalid client secret provided.");
    expect(test.sent).toEqual([]);
  });
});

describe("the output", () => {
  it("has the answer's fields at the top and what the service adds", async () => {
    const result = await call({}, () => ({ body, headers: { "Content-Type": "application/json" } }));
    expect(result.activity("call").output).toEqual({
      ...body,
      ADFWebActivityResponseHeaders: { "Content-Type": "application/json" },
      effectiveIntegrationRuntime: "AutoResolveIntegrationRuntime (West Europe)",
      executionDuration: 0,
      durationInQueue: { integrationRuntimeQueue: 0 },
      billingReference: {
        activityType: "ExternalActivity",
        billableDuration: [{ meterType: "AzureIR", duration: 1 / 60, unit: "Hours" }],
      },
      ADFHttpStatusCodeInResponse: "200",
    });
  });

  it.each(["[1,2]", "plain text", "12", ""])(
    "of an answer that is no JSON object (%j) is its text under Response",
    async (text) => {
      const result = await call({}, () => ({ body: text }));
      expect(result.activity("call").output).toMatchObject({ Response: text });
    },
  );

  it("keeps 64-bit integers and floats apart for expressions", async () => {
    const definition = pipeline(
      [web("call"), setVariable("set", "v", "@string(activity('call').output)", [["call", "Succeeded"]])],
      { variables: { v: { type: "String" } } },
    );
    const result = await testEngine({ handler: () => ({ body: '{"big":9007199254740993,"float":2.0}' }) }).run(
      definition,
    );
    const value = (result.activity("set").output as { value: string }).value;
    expect(value).toContain('"big":9007199254740993,"float":2.0');
  });
});

describe("failure", () => {
  it("is 2108 with the service's own text, and the body's fields are in the output", async () => {
    const error = { error: { code: "Forbidden", message: "no role" } };
    const result = await call({}, () => ({ status: 403, body: error }));
    expect(result.activity("call")).toMatchObject({
      status: "Failed",
      output: { ...error, ADFHttpStatusCodeInResponse: "403", executionDuration: 0 },
      error: { errorCode: "2108", failureType: "UserError", target: "call", message: JSON.stringify(error) },
    });
    expect(result.run.message).toBe(`Operation on target call failed: ${JSON.stringify(error)}`);
  });

  it.each([
    ["secureInput", { policy: { secureInput: true } }, {}],
    ["secureOutput", { policy: { secureOutput: true } }, {}],
    ["an authentication", {}, { authentication: { type: "Basic", username: "u", password: "pa55word" } }],
  ])("keeps the service's sentence and masks an echo of what was sent with %s", async (_title, policy, properties) => {
    const basic = Buffer.from("u:pa55word").toString("base64");
    const headers = { Authorization: `Basic ${basic}`, "X-Key": "k3y-of-a-service" };
    const body = "grant_type=client_credentials&client_secret=s3cret~value";
    const echo = (request: HttpRequest) => ({
      status: 401,
      body: { message: "Not this key.", got: { ...request.headers }, sent: request.body ?? "" },
    });
    const test = testEngine({ handler: echo });
    const result = await test.run(
      pipeline([{ ...web("call", { method: "POST", headers, body, ...properties }), ...policy }]),
    );
    const shown = result.activity("call").error.message + result.run.message;
    expect(shown).toContain("Not this key.");
    for (const secret of [basic, "k3y-of-a-service", "s3cret~value"]) expect(shown).not.toContain(secret);
    expect(JSON.parse(result.activity("call").error.message)).toMatchObject({ message: "Not this key." });
  });

  it("without a text names the url and the status", async () => {
    const result = await call({}, () => ({ status: 500, body: "" }));
    expect(result.activity("call").error.message).toBe(
      "Error calling the endpoint 'https://host.example/call'. Response status code: '500'",
    );
  });

  it("without an answer is 2128", async () => {
    const result = await call({ url: "https://host.example/x?sig=s3cret" }, () =>
      Promise.reject(new HttpFailure("timeout", "no answer within 60 s")),
    );
    const { error } = result.activity("call");
    expect(error.errorCode).toBe("2128");
    expect(error.message).toMatch(
      /^No response from the endpoint\..*Response status code: 'NA - Unknown'.*no answer within 60 s$/,
    );
    expect(error.message).not.toContain("s3cret");
  });

  it("of an answer beyond 4 MB is 2001", async () => {
    const result = await call({}, () => Promise.reject(new HttpFailure("tooLarge", "more than 4194304 bytes")));
    expect(result.activity("call").error.errorCode).toBe("2001");
  });
});

describe("policy", () => {
  const policy = { retry: 2, retryIntervalInSeconds: 60 };
  const withPolicy = (handler: Handler, extra: JsonObject = {}) =>
    testEngine({ handler }).run(pipeline([{ ...web("call"), policy: { ...policy, ...extra } }]));

  it("retries a failure after the interval, each attempt with a record of its own", async () => {
    const result = await withPolicy((_request, count) => ({ status: count < 3 ? 503 : 200 }));
    const seen = result.activities.map(({ status, retryAttempt, activityRunStart }) => [
      status,
      retryAttempt,
      activityRunStart.slice(14, 19),
    ]);
    expect(seen).toEqual([
      ["Failed", null, "04:05"],
      ["Failed", 1, "05:05"],
      ["Succeeded", 2, "06:05"],
    ]);
    expect(new Set(result.activities.map(({ activityRunId }) => activityRunId)).size).toBe(3);
  });

  it("fails the activity when the last attempt fails", async () => {
    const result = await withPolicy(() => ({ status: 503 }));
    expect(result.activities).toHaveLength(3);
    expect(result.run.status).toBe("Failed");
  });

  it("may be given by expressions", async () => {
    const result = await withPolicy(() => ({ status: 503 }), { retry: "@add(0,1)" });
    expect(result.activities).toHaveLength(2);
  });

  it("ends an attempt at its time-out", async () => {
    const result = await testEngine({ handler: () => new Promise(() => {}) }).run(
      pipeline([{ ...web("call"), policy: { timeout: "0.00:10:00" } }]),
    );
    expect(result.activity("call")).toMatchObject({ status: "Failed", durationInMs: 600_000 });
  });

  it("hides input and output in the records, not from expressions", async () => {
    const secret = {
      ...web("call", { headers: { Authorization: "Bearer s3cret" } }),
      policy: { secureInput: true, secureOutput: true },
    };
    const definition = pipeline(
      [secret, setVariable("set", "v", "@activity('call').output.token", [["call", "Succeeded"]])],
      {
        variables: { v: { type: "String" } },
      },
    );
    const test = testEngine({ handler: () => ({ body: { token: "t0ken" } }) });
    const result = await test.run(definition);
    expect(result.activity("call")).toMatchObject({ input: {}, output: {} });
    expect(result.activity("set").output).toMatchObject({ value: "t0ken" });
    const records = test.journal.appends.flatMap(({ entries }) => entries).filter(({ kind }) => kind !== "state");
    const shown = JSON.stringify(records.filter((entry) => !JSON.stringify(entry).includes('"activityName":"set"')));
    expect(shown).not.toContain("s3cret");
    expect(shown).not.toContain("t0ken");
  });
});
