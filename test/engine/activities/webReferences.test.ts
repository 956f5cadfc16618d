import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { type Handler, pipeline, testEngine, web } from "../testEngine.js";

const vault = { type: "AzureKeyVault", typeProperties: { baseUrl: "https://kv.vault.azure.net/" } };
const table = { type: "Json", linkedServiceName: { referenceName: "lake", type: "LinkedServiceReference" } };

const call = async (properties: JsonObject, handler: Handler = () => ({})) => {
  const test = testEngine({ handler, linkedServices: { vault }, datasets: { table } });
  const result = await test.run(pipeline([web("call", properties)]));
  return { ...result.activity("call"), sent: test.sent };
};

describe("datasets and linkedServices of a Web activity", () => {
  const passed = {
    method: "POST",
    datasets: [{ referenceName: "table", type: "DatasetReference" }],
    linkedServices: [{ referenceName: "vault", type: "LinkedServiceReference" }],
  };
  const added = {
    datasets: [{ name: "table", properties: table }],
    linkedServices: [{ name: "vault", properties: vault }],
  };

  it.each([
    ["an object", { a: "@add(1,1)" }, { a: 2 }],
    ["the text of an object", '{"a":2}', { a: 2 }],
    ["no body", "@null", {}],
  ])("are added with their definitions to %s", async (_title, body, own) => {
    const { sent } = await call({ ...passed, body });
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ ...own, ...added });
    expect(sent[0]?.headers).toEqual({ "Content-Type": "application/json" });
  });

  it("are evaluated with the parameters of the reference, else their defaults; no body is needed then", async () => {
    const parametrized = {
      type: "AzureSqlTable",
      linkedServiceName: { referenceName: "sql", type: "LinkedServiceReference" },
      parameters: { table: { type: "String" }, schema: { type: "String", defaultValue: "dbo" } },
      typeProperties: { tableName: { value: "@{dataset().schema}.@{dataset().TABLE}", type: "Expression" } },
    };
    const test = testEngine({ datasets: { parametrized } });
    const reference = { referenceName: "parametrized", parameters: { table: "@concat('depart','ment')" } };
    await test.run(pipeline([web("call", { method: "Post", datasets: [reference] })]));
    const { datasets } = JSON.parse(test.sent[0]?.body ?? "");
    expect(datasets).toEqual([
      { name: "parametrized", properties: { ...parametrized, typeProperties: { tableName: "dbo.department" } } },
    ]);
  });

  it("fail the activity where the body is no JSON object, or the workspace has none of that name", async () => {
    expect((await call({ ...passed, body: "a=1" })).error.message).toContain("must be a JSON object");
    const unknown = { ...passed, body: "{}", datasets: [{ referenceName: "nope" }] };
    expect((await call(unknown)).error.message).toBe("The dataset 'nope' was not found in the workspace.");
  });
});

describe("a secret of a vault in the authentication", () => {
  const secret = (rest: JsonObject) => ({
    type: "AzureKeyVaultSecret",
    store: { referenceName: "vault", type: "LinkedServiceReference" },
    secretName: "pass",
    ...rest,
  });
  const authentication = (rest: JsonObject = {}) => ({ type: "Basic", username: "u", password: secret(rest) });
  const answers: Handler = ({ url }) => (url.includes("vault") ? { body: { value: "pa55", id: "x" } } : {});

  it("is read by the workspace's identity through the linked service", async () => {
    const { sent } = await call({ authentication: authentication({ secretName: "@concat('pa','ss')" }) }, answers);
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET https://kv.vault.azure.net/secrets/pass?api-version=7.0",
      "GET https://host.example/call",
    ]);
    expect(sent[0]?.headers).toEqual({ Authorization: "Bearer token-for-https://vault.azure.net" });
    expect(sent[1]?.headers).toEqual({ Authorization: `Basic ${Buffer.from("u:pa55").toString("base64")}` });
  });

  it("may be of one version", async () => {
    const { sent } = await call({ authentication: authentication({ secretVersion: "0a" }) }, answers);
    expect(sent[0]?.url).toBe("https://kv.vault.azure.net/secrets/pass/0a?api-version=7.0");
  });

  it("that cannot be read fails the activity with the vault's own sentence, and nothing is called", async () => {
    const { error, sent } = await call({ authentication: authentication() }, () => ({
      status: 404,
      body: { error: { code: "SecretNotFound" } },
    }));
    expect(error.errorCode).toBe("AzureKeyVaultFailedToGetSecret");
    expect(error.message).toContain("secretName: pass");
    expect(error.message).toContain("SecretNotFound");
    expect(sent).toHaveLength(1);
  });

  it("of a linked service that is not there, or is no vault, fails the activity", async () => {
    const store = { referenceName: "nope", type: "LinkedServiceReference" };
    const { error } = await call({ authentication: authentication({ store }) });
    expect(error.message).toContain("There is no linked service 'nope'.");
  });
});

describe("the limits of a Web activity", () => {
  it("refuse settings of more than 896 KB before anything is sent", async () => {
    const numbers = "string(range(100000,80000))";
    const { error, sent } = await call({ method: "POST", body: `@concat(${numbers},${numbers})` });
    expect(error.message).toMatch(/^The payload including configurations .* is too large\./);
    expect(sent).toEqual([]);
    expect((await call({ method: "POST", body: `@${numbers}` })).status).toBe("Succeeded");
  });
});

it("an integration runtime of one's own is told in the output", async () => {
  const connectVia = { referenceName: "own", type: "IntegrationRuntimeReference" };
  const { output } = await call({ connectVia });
  expect(output).toMatchObject({ effectiveIntegrationRuntime: "own (West Europe)" });
});
