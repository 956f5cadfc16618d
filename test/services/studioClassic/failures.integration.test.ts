import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";
import { startTestEmulator, type TestEmulator } from "../../helpers/testEmulator.js";
import { type BesClient, openBesClient } from "./besClient.js";

let emulator: TestEmulator;
let bes: BesClient;
const good = tripsAsCsv(generateTrips({ seed: 5, count: 100 }));

beforeAll(async () => {
  emulator = await startTestEmulator();
  bes = openBesClient(emulator);
  await bes.upload("data/good.csv", good);
});
afterAll(async () => {
  await bes.close();
  await emulator.close();
});

const inputs = (path: string, over: object = {}) => ({ Inputs: { input1: bes.blob(path, over) } });

describe("a job fails with Details that name the line or the cause", () => {
  it.each([
    ["an empty file", "", {}, "The file is empty: it must begin with a line that names its columns."],
    ["a header alone", "a,b\n", {}, "The file has a header and no rows."],
    [
      "a missing label",
      "a,b\n1,2\n",
      { Label: "fare" },
      "The file lacks the label column 'fare'; it has the columns a, b.",
    ],
    [
      "one class only",
      "a,b\n1,x\n2,x\n",
      {},
      "The label column 'b' has one value only, 'x': there is nothing to learn.",
    ],
    ["a label that is empty everywhere", "a,b\n1,\n2,\n", {}, "The label column 'b' is empty in every row."],
    ["a broken line", "a,b\n1,2\n3\n", {}, "Row 2 has 1 cells where the header names 2 columns."],
    ["an open quote", 'a,b\n1,2\n"3,4\n', {}, "Row 2 has a quote that is not closed or stands inside a value."],
    [
      "a word where the task wants numbers",
      "a,b\n1,2\n3,much\n",
      { Task: "regression" },
      "Row 2: b is 'much', which is not a number.",
    ],
    [
      "too few rows",
      "a,b\n1,2\n3,4\n5,6\n",
      {},
      "The label column 'b' is known in 3 rows: too few to train and to judge a model.",
    ],
    [
      "one class only in the rows that train",
      `a,b\n${Array.from({ length: 60 }, (_unused, index) => `${index},${index % 5 === 4 ? "y" : "x"}\n`).join("")}`,
      {},
      "The label column 'b' has one value only, 'x', in the rows that train the model, which are all but every 5th: there is nothing to learn.",
    ],
    [
      "labels in the rows alone that judge",
      `a,b\n${Array.from({ length: 15 }, (_unused, index) => `${index},${index % 5 === 4 ? index : ""}\n`).join("")}`,
      {},
      "The label column 'b' is known in 3 rows: too few to train and to judge a model.",
    ],
    ["no other column", "b\n1\n2\n3\n", {}, "The file has no column beside the label 'b' to learn from."],
    ["no text", Buffer.from([0x61, 0xff, 0xfe, 0x0a]), {}, "The file is not UTF-8 text."],
  ])("%s", async (name, content, GlobalParameters, Details) => {
    const path = `data/${name.replaceAll(" ", "-")}.csv`;
    await bes.upload(path, content);
    const end = await bes.run({ ...inputs(path), GlobalParameters });
    expect(end).toMatchObject({ StatusCode: 2, Details });
  });

  it("an unreachable URL", async () => {
    const end = await bes.run({
      GlobalParameters: { "Data source URL": "http://127.0.0.1:9/secret-path.csv?sig=abc" },
    });
    expect(end.StatusCode).toBe(2);
    expect(end.Details).toMatch(/^The address http:\/\/127\.0\.0\.1:9\/secret-path\.csv cannot be read: .+/);
    expect(end.Details).not.toContain("abc");
  });

  it("a blob whose account does not exist", async () => {
    const Url = "https://nobodysaccount.blob.core.windows.net/c/x.csv";
    const end = await bes.run({ GlobalParameters: { "Data source URL": Url } });
    expect(end.Details).toBe(
      `The address ${Url} cannot be read: nobodysaccount.blob.core.windows.net: no resource of that name exists`,
    );
  });

  it("no permission: a blob's address without a signature", async () => {
    const url = (await bes.signedRead("data/good.csv")).split("?")[0];
    const end = await bes.run({ GlobalParameters: { "Data source URL": url } });
    expect(end).toMatchObject({
      StatusCode: 2,
      Details: `The address ${url} cannot be read: 409 PublicAccessNotPermitted: Public access is not permitted on this storage account.`,
    });
  });

  it("an input that is not there", async () => {
    const end = await bes.run(inputs("data/none.csv"));
    expect(end.Details).toMatch(/^The blob 'data\/none\.csv' at https:\S+ cannot be read: 404 BlobNotFound: /);
  });

  it("an empty data source: the document's own sample is taken as it stands there", async () => {
    const end = await bes.run({
      GlobalParameters: { "Data source URL": "" },
      Outputs: {
        output2: {
          ConnectionString:
            "DefaultEndpointsProtocol=https;AccountName=mystorageacct;AccountKey=Dx9WbMITHAv-XRQWap/aLnxT9LV5txxw==",
          RelativeLocation: "mycontainer/output2results.csv",
        },
      },
    });
    expect(end.Details).toBe("The parameter 'Data source URL' is empty, and the request names no input.");
  });

  it("a wrong key of the output's account", async () => {
    const key = randomBytes(64).toString("base64");
    const ConnectionString = bes.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key}`);
    const output2 = bes.blob("data/results.csv", { ConnectionString });
    const end = await bes.run({ ...inputs("data/good.csv"), Outputs: { output2 } });
    expect(end.StatusCode).toBe(2);
    expect(end.Details).toMatch(
      /^The blob 'data\/results\.csv' at https:\S+ cannot be written: 403 AuthenticationFailed: Server failed/,
    );
    expect(JSON.stringify(end)).not.toContain(key);
    expect(emulator.lines.join("\n")).not.toContain(key);
  });

  it("a missing container of an output", async () => {
    const Outputs = { output1: bes.blob("absent/model.ilearner") };
    const end = await bes.run({ ...inputs("data/good.csv"), Outputs });
    expect(end.Details).toMatch(
      /^The blob 'absent\/model\.ilearner' at https:\S+ cannot be written: 404 ContainerNotFound/,
    );
  });
});

describe("a request is refused in the service's shape", () => {
  const blob = (path: string, over?: object) => bes.blob(path, over);
  const cases: readonly [name: string, body: () => unknown, code: string][] = [
    ["no body", () => undefined, "RequestBodyInvalid"],
    ["a body that is no JSON", () => "{", "RequestBodyInvalid"],
    ["a parameter that is no text", () => ({ GlobalParameters: { Label: {} } }), "RequestBodyInvalid"],
    ["neither data source nor input", () => ({}), "MissingRequiredGlobalParameters"],
    [
      "an unknown parameter",
      () => ({ GlobalParameters: { "Data source URL": "", Colour: "x" } }),
      "UnexpectedParameter",
    ],
    [
      "a data source that is no address",
      () => ({ GlobalParameters: { "Data source URL": "c:/x" } }),
      "UserParameterInvalid",
    ],
    [
      "a data source beside an input",
      () => ({ ...inputs("data/good.csv"), GlobalParameters: { "Data source URL": "http://x.example/y.csv" } }),
      "UserParameterInvalid",
    ],
    [
      "an unknown task",
      () => ({ ...inputs("data/good.csv"), GlobalParameters: { Task: "ranking" } }),
      "UserParameterInvalid",
    ],
    ["an unknown input", () => ({ Inputs: { input7: blob("data/good.csv") } }), "InvalidInputNames"],
    [
      "Input and Inputs",
      () => ({ ...inputs("data/good.csv"), Input: blob("data/good.csv") }),
      "DuplicateInputInBatchCall",
    ],
    ["an input without a place", () => ({ Inputs: { input1: {} } }), "MissingInputBlobInformation"],
    ["an input's path without a blob", () => inputs("data"), "InvalidBlob"],
    ["an input that is no CSV", () => inputs("data/good.xlsx"), "InvalidBlobExtension"],
    [
      "a connection string without a key",
      () => inputs("data/good.csv", { ConnectionString: "DefaultEndpointsProtocol=https;AccountName=abc" }),
      "InvalidBlobConnectionString",
    ],
    [
      "an unknown output",
      () => ({ ...inputs("data/good.csv"), Outputs: { Output2: blob("d/x.csv") } }),
      "InvalidOutputOverrideName",
    ],
    [
      "an output without a place",
      () => ({ ...inputs("data/good.csv"), Outputs: { output2: null } }),
      "MissingOutputOverrideSpecification",
    ],
    [
      "a model that is not named .ilearner",
      () => ({ ...inputs("data/good.csv"), Outputs: { output1: blob("d/x.zip") } }),
      "InvalidBlobExtension",
    ],
  ];

  it.each(cases)("%s", async (_name, body, code) => {
    const { status, json } = await bes.submit(body());
    expect([status, json]).toEqual([
      400,
      {
        error: {
          code: "BadArgument",
          message: "Invalid argument provided.",
          details: [{ code, message: expect.any(String) }],
        },
      },
    ]);
  });

  it.each(["", "api-version=3.0", "api-version=2.0&api-version=2.0"])("the version '%s'", async (query) => {
    const { status, json } = await bes.submit(inputs("data/good.csv"), query);
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { details: [{ code: "BadVersionCall" }] } });
  });

  it("a missing or a wrong key: 401, and nothing is told", async () => {
    for (const key of [undefined, "abc123", `${bes.key}=`, bes.token]) {
      const { status, json } = await bes.send("POST", `${bes.endpoint}/jobs?api-version=2.0`, { key, body: {} });
      expect([status, json]).toEqual([
        401,
        {
          error: {
            code: "Unauthorized",
            message: "Request is unauthorized to access resource.",
            details: [{ code: "ScoreRequestUnauthorized", message: "Invalid credentials provided." }],
          },
        },
      ]);
    }
  });

  it("another workspace, service or job: 404", async () => {
    const codeAt = async (url: string) => {
      const { status, json } = await bes.send("GET", `${url}?api-version=2.0`);
      return [status, (json as { error: { details: { code: string }[] } }).error.details[0]?.code];
    };
    const nobody = "0".repeat(32);
    expect(await codeAt(`${bes.endpoint}/jobs/${nobody}`)).toEqual([404, "JobNotFound"]);
    expect(await codeAt(`${bes.endpoint.slice(0, -32)}${nobody}/jobs/${nobody}`)).toEqual([
      404,
      "WebServiceIdNotFoundInWorkspace",
    ]);
    expect(await codeAt(`${bes.endpoint.replace(/workspaces\/\w+/, `workspaces/${nobody}`)}/jobs/x`)).toEqual([
      404,
      "WorkspaceNotFound",
    ]);
  });

  it("another region is a host that does not exist", async () => {
    const elsewhere = bes.endpoint.replace("ussouthcentral", "europewest");
    await expect(bes.send("GET", `${elsewhere}/swagger.json`)).rejects.toThrow();
    expect(emulator.refusals).toContain("europewest.services.azureml.net");
  });

  it("what the service has and the emulator does not is refused by name", async () => {
    const { status, json } = await bes.send("POST", `${bes.endpoint}/execute?api-version=2.0`, { body: {} });
    expect([status, JSON.stringify(json)]).toEqual([404, expect.stringContaining("does not support POST")]);
  });
});
