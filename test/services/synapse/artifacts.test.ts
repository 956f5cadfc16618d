import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { errorOf, TestSynapse, workspaceId } from "./testSynapse.js";

const secret = "kept-by-nobody-7f3a";
const blobStorage: JsonObject = {
  type: "AzureBlobStorage",
  annotations: [],
  typeProperties: {
    connectionString: `DefaultEndpointsProtocol=https;AccountName=lake1;AccountKey=${secret}`,
    sasToken: { type: "SecureString", value: secret },
    nested: [{ password: { type: "SecureString", value: secret } }],
    accountEndpoint: "https://lake1.blob.core.windows.net",
  },
};
const csv: JsonObject = {
  type: "DelimitedText",
  linkedServiceName: { referenceName: "lake", type: "LinkedServiceReference" },
  typeProperties: { location: { type: "AzureBlobStorageLocation", container: "c" } },
};

let test: TestSynapse;
beforeEach(async () => {
  test = await TestSynapse.start();
  await test.deployWorkspace();
});
afterEach(() => test.close());

describe("a linked service", () => {
  it("is published, read, listed, renamed and deleted by operations that are polled, as pipelines are", async () => {
    const accepted = await test.call("PUT", "/linkedservices/lake", { body: { properties: blobStorage } });
    expect([accepted.status, accepted.body]).toEqual([
      202,
      expect.objectContaining({
        id: `${workspaceId}/linkedServices/lake`,
        type: "LinkedService",
        name: "lake",
        state: "Creating",
      }),
    ]);
    const published = await test.poll(accepted);
    expect([published.status, published.body]).toEqual([
      200,
      expect.objectContaining({
        id: `${workspaceId}/linkedservices/lake`,
        name: "lake",
        type: "Microsoft.Synapse/workspaces/linkedservices",
        etag: expect.any(String),
      }),
    ]);
    expect((await test.call("GET", "/linkedservices/LAKE")).body).toEqual(published.body);
    expect((await test.call("GET", "/linkedservices")).body).toEqual({ value: [published.body] });
    await test.poll(await test.call("POST", "/linkedservices/lake/rename", { body: { newName: "lake2" } }));
    const missing = await test.call("GET", "/linkedservices/lake");
    expect(errorOf(missing)).toEqual({
      code: "LinkedServiceNotFound",
      message: expect.stringMatching(/^The LinkedService lake was not found in \(subscription=.* workspace=ws1\)$/),
    });
    const gone = await test.poll(await test.call("DELETE", "/linkedservices/lake2"));
    expect([gone.status, gone.body]).toEqual([200, ""]);
    expect((await test.call("DELETE", "/linkedservices/lake2")).status).toBe(204);
  });

  it("never shows its secrets: not in an answer, not at a poll URL, not in the database", async () => {
    const answers = [
      await test.publish("lake", blobStorage, "linkedservices"),
      await test.call("GET", "/linkedservices/lake"),
      await test.call("GET", "/linkedservices"),
    ];
    expect(answers[1]?.body).toHaveProperty("properties", {
      type: "AzureBlobStorage",
      annotations: [],
      typeProperties: {
        connectionString: "DefaultEndpointsProtocol=https;AccountName=lake1;",
        sasToken: { type: "SecureString", value: "**********" },
        nested: [{ password: { type: "SecureString", value: "**********" } }],
        accountEndpoint: "https://lake1.blob.core.windows.net",
      },
    });
    const { store } = test.platform;
    const tables = store.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
    const rows = tables.flatMap((table) => store.all(`SELECT * FROM "${table}"`));
    expect(JSON.stringify([answers, rows])).not.toContain(secret);
  });

  it("is refused without a type", async () => {
    const refused = await test.publish("lake", { typeProperties: "none" }, "linkedservices");
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        code: "BadRequest",
        message: "The linked service 'lake' is not valid. type: must name the type. typeProperties: must be an object.",
        target: "linkedservice/lake",
        details: null,
        error: null,
      },
    ]);
  });

  it("is listed for every Synapse User, opened and published only with the role for it", async () => {
    await test.publish("lake", blobStorage, "linkedservices");
    const operator = test.principal("operator");
    await test.grant(operator, "2a385764-43e8-416c-9825-7b18d05a2c4b");
    const as = { as: operator };
    expect((await test.call("GET", "/linkedservices", as)).status).toBe(200);
    expect((await test.call("GET", "/linkedservices/lake", as)).status).toBe(403);
    expect((await test.call("PUT", "/linkedservices/lake", as)).status).toBe(403);
    await test.grant(operator, "dd665582-e433-40ca-b183-1b1b33e73375");
    expect((await test.call("DELETE", "/linkedservices/lake", as)).status).toBe(202);
  });
});

describe("a dataset", () => {
  it("is published on a linked service that is there, which can then not be deleted or renamed", async () => {
    const early = await test.publish("trips", csv, "datasets");
    expect([early.status, errorOf(early).message]).toEqual([
      400,
      "The document creation or update failed because of invalid reference 'lake'.",
    ]);
    await test.publish("lake", blobStorage, "linkedservices");
    const published = await test.publish("trips", csv, "datasets");
    expect(published.body).toMatchObject({
      id: `${workspaceId}/datasets/trips`,
      type: "Microsoft.Synapse/workspaces/datasets",
      properties: csv,
    });
    const refused = await test.poll(await test.call("DELETE", "/linkedservices/lake"));
    expect([refused.status, errorOf(refused).message]).toEqual([
      400,
      "The document cannot be deleted since it is referenced by trips.",
    ]);
    const renamed = await test.call("POST", "/linkedservices/lake/rename", { body: { newName: "sea" } });
    expect((await test.poll(renamed)).status).toBe(400);
    await test.poll(await test.call("DELETE", "/datasets/trips"));
    expect((await test.poll(await test.call("DELETE", "/linkedservices/lake"))).status).toBe(200);
  });

  it("is refused when no linked service leads to its data", async () => {
    const refused = await test.publish("trips", { type: "Json", linkedServiceName: "lake" }, "datasets");
    expect(errorOf(refused).message).toContain("linkedServiceName: must name a linked service");
  });
});

describe("a pipeline that runs another", () => {
  const running = (name: string): JsonObject => ({
    activities: [
      {
        name: "run",
        type: "ExecutePipeline",
        typeProperties: { pipeline: { referenceName: name, type: "PipelineReference" }, waitOnCompletion: true },
      },
    ],
  });

  it("is published after that one, and keeps it from being deleted", async () => {
    expect(errorOf(await test.publish("parent", running("child"))).message).toContain("invalid reference 'child'");
    await test.publish("child", {
      activities: [{ name: "w", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } }],
    });
    expect((await test.publish("parent", running("CHILD"))).status).toBe(200);
    const refused = await test.poll(await test.call("DELETE", "/pipelines/child"));
    expect(errorOf(refused).message).toContain("referenced by parent");
  });
});

describe("a workspace that is deleted", () => {
  it("takes its artifacts along", async () => {
    await test.publish("lake", blobStorage, "linkedservices");
    await test.publish("trips", csv, "datasets");
    await test.removeWorkspace();
    await test.deployWorkspace();
    for (const segment of ["linkedservices", "datasets", "triggers"]) {
      expect((await test.call("GET", `/${segment}`)).body).toEqual({ value: [] });
    }
  });
});
