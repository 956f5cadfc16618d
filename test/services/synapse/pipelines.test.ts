import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { errorOf, TestSynapse, workspaceId } from "./testSynapse.js";

const wait = { name: "wait", type: "Wait", typeProperties: { waitTimeInSeconds: 0 } };

let test: TestSynapse;
beforeAll(async () => {
  test = await TestSynapse.start();
  await test.deployWorkspace();
});
afterAll(() => test.close());

describe("publishing a pipeline", () => {
  it("answers 202 with an operation record, and the first poll has the resource", async () => {
    const accepted = await test.call("PUT", "/pipelines/p1", { body: { properties: { activities: [wait] } } });
    expect(accepted.status).toBe(202);
    expect(accepted.headers["location"]).toMatch(
      /^https:\/\/ws1\.dev\.azuresynapse\.net\/operationResults\/[0-9a-f-]{36}\?api-version=2020-12-01$/,
    );
    expect(accepted.headers["retry-after"]).toBe("1");
    expect(accepted.headers["azure-asyncoperation"]).toBeUndefined();
    expect(accepted.body).toEqual({
      id: `${workspaceId}/pipelines/p1`,
      recordId: expect.any(Number),
      state: "Creating",
      created: expect.stringMatching(/\.\d{7}Z$/),
      changed: expect.stringMatching(/\.\d{7}Z$/),
      type: "Pipeline",
      name: "p1",
      operationId: expect.any(String),
      artifactId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
    const done = await test.poll(accepted);
    expect(done.status).toBe(200);
    expect(done.body).toEqual({
      id: `${workspaceId}/pipelines/p1`,
      name: "p1",
      type: "Microsoft.Synapse/workspaces/pipelines",
      etag: expect.stringMatching(/^[0-9a-f]{8}-0000-0000-0000-[0-9a-f]{8}0000$/),
      properties: { activities: [wait], lastPublishTime: expect.stringMatching(/Z$/) },
    });
    expect((await test.call("GET", "/pipelines/p1")).body).toEqual(done.body);
  });

  it("keeps every key that it does not know, in order and in depth", async () => {
    const properties: JsonObject = {
      zeta: { b: [1, null, { "ключ/値": "Zoë — 東京" }], a: 1e21 },
      activities: [{ ...wait, x_future: true, policy: { "9": 1, "10": 2 } }],
      annotations: ["a", { b: "c" }],
    };
    const { properties: published } = (await test.publish("unknown", properties)).body as { properties: JsonObject };
    const { lastPublishTime: _time, ...kept } = published;
    expect(JSON.stringify(kept)).toBe(JSON.stringify(properties));
  });

  it("gives a new etag each time, ignores the case of the name, keeps its first spelling", async () => {
    const first = await test.publish("Case", { activities: [wait] });
    const second = await test.publish("cASE", { activities: [wait] });
    expect((second.body as JsonObject)["name"]).toBe("Case");
    expect((second.body as JsonObject)["etag"]).not.toBe((first.body as JsonObject)["etag"]);
  });

  it("that fails is 202 and then 400, bare, at the poll URL; what was there stays", async () => {
    const before = await test.publish("kept", { activities: [wait] });
    const broken = { ...wait, dependsOn: [{ activity: "nobody", dependencyConditions: ["Succeeded"] }] };
    const failed = await test.publish("kept", { activities: [broken] });
    expect(failed.status).toBe(400);
    expect(failed.body).toEqual({
      code: "BadRequest",
      message: expect.stringContaining("nobody"),
      target: "pipeline/kept",
      details: null,
      error: null,
    });
    expect((await test.call("GET", "/pipelines/kept")).body).toEqual(before.body);
  });

  it("with an activity of a type that is not supported is refused by the type's name and its place", async () => {
    const copy = { name: "copy", type: "Copy", typeProperties: {} };
    expect((await test.publish("copying", { activities: [wait, copy] })).body).toEqual({
      code: "BadRequest",
      message: expect.stringContaining("activities[1].type: The activity type 'Copy' is not supported."),
      target: "pipeline/copying",
      details: null,
      error: null,
    });
  });

  it("is refused at once without an object 'properties' or with a name that the service does not take", async () => {
    expect((await test.call("PUT", "/pipelines/p", { body: { activities: [] } })).status).toBe(400);
    expect((await test.call("PUT", "/pipelines/p")).status).toBe(400);
    const answer = await test.call("PUT", "/pipelines/a%3Ab", { body: { properties: { activities: [wait] } } });
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ code: "BadRequest" })]);
  });

  it("goes by If-Match: 412 for another etag or an absent pipeline", async () => {
    const { etag } = (await test.publish("matched", { activities: [wait] })).body as { etag: string };
    const put = (name: string, ifMatch: string) =>
      test.call("PUT", `/pipelines/${name}`, {
        body: { properties: { activities: [wait] } },
        headers: { "if-match": ifMatch },
      });
    expect((await put("matched", '"0000"')).status).toBe(412);
    expect((await put("absent", "*")).status).toBe(412);
    expect((await put("matched", `"${etag}"`)).status).toBe(202);
    expect((await put("matched", etag)).status).toBe(412);
    expect((await put("matched", "*")).status).toBe(202);
  });
});

describe("a published pipeline", () => {
  it("is not sent again to a caller who has its etag", async () => {
    const { etag } = (await test.publish("cached", { activities: [wait] })).body as { etag: string };
    const known = await test.call("GET", "/pipelines/cached", { headers: { "if-none-match": etag } });
    expect([known.status, known.body]).toEqual([304, ""]);
    expect((await test.call("GET", "/pipelines/cached", { headers: { "if-none-match": "other" } })).status).toBe(200);
  });

  it("is listed with the others", async () => {
    await test.publish("listed", { activities: [wait] });
    const { value } = (await test.call("GET", "/pipelines")).body as { value: JsonObject[] };
    expect(value).toContainEqual((await test.call("GET", "/pipelines/listed")).body);
  });

  it("is deleted by 202 and a poll with an empty body; once gone, 204", async () => {
    await test.publish("doomed", { activities: [wait] });
    const accepted = await test.call("DELETE", "/pipelines/doomed");
    expect(accepted.status).toBe(202);
    expect(accepted.body).toMatchObject({ recordId: 0, state: "Deleting", created: "0001-01-01T00:00:00" });
    expect(accepted.body).not.toHaveProperty("artifactId");
    const done = await test.poll(accepted);
    expect([done.status, done.body]).toEqual([200, ""]);
    expect((await test.call("DELETE", "/pipelines/doomed")).status).toBe(204);
  });

  it("is renamed by 202 and a poll with the resource; not to a name that is taken", async () => {
    await test.publish("before", { activities: [wait] });
    const accepted = await test.call("POST", "/pipelines/before/rename", { body: { newName: "after" } });
    expect([accepted.status, accepted.body]).toEqual([202, expect.objectContaining({ state: "Renaming" })]);
    expect((await test.poll(accepted)).body).toMatchObject({ name: "after", properties: { activities: [wait] } });
    expect((await test.call("GET", "/pipelines/before")).status).toBe(404);
    await test.publish("taken", { activities: [wait] });
    const refused = await test.call("POST", "/pipelines/after/rename", { body: { newName: "taken" } });
    expect((await test.poll(refused)).status).toBe(400);
    expect((await test.call("POST", "/pipelines/after/rename", { body: {} })).status).toBe(400);
  });
});

describe("what is not there", () => {
  it("is a bare 404 PipelineNotFound for a pipeline", async () => {
    const answer = await test.call("GET", "/pipelines/p9");
    const [, , subscriptionId] = workspaceId.split("/");
    expect([answer.status, answer.body]).toEqual([
      404,
      {
        code: "PipelineNotFound",
        message: `The Pipeline p9 was not found in (subscription=${subscriptionId} resourceGroup=rg workspace=ws1)`,
      },
    ]);
  });

  it("is 404 for an operation and for a path nobody serves", async () => {
    expect((await test.call("GET", "/operationResults/11111111-1111-4111-8111-111111111111")).status).toBe(404);
    const path = await test.call("GET", "/nothing/here");
    expect([path.status, errorOf(path).code]).toEqual([404, "NotImplemented"]);
  });
});
