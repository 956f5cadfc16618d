import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import { ArmError } from "../../emulator/deploy/armError.js";
import { unknownValue } from "../../emulator/deploy/properties.js";
import type { Deployed, ResourceProvider } from "../../emulator/deploy/resourceProvider.js";
import { type RunningPackage, servePackage } from "../../emulator/pulumi/servePackage.js";

const urn = "urn:pulumi:dev::batch::batch:infra:Storage$azure-native:storage:Blob::input";
const type = "azure-native:storage:Blob";
const structOf = (value: JsonObject) => struct.Struct.fromJavaScript(value);

/** A provider that answers with what it was given. */
const echo: ResourceProvider = {
  check: async (_type, inputs) => ({ ...inputs, location: "centralus" }),
  diff: async () => ({ inputs: [], deleteBeforeReplace: true, losesData: false }),
  create: async (_type, inputs, preview) => ({ id: preview ? "" : "/made", outputs: inputs }),
  read: async (_type, id, old) => old ?? { id, inputs: { name: "imported" }, outputs: {} },
  update: async (_type, old, inputs) => ({ id: old.id, outputs: inputs }),
  delete: async () => {},
};

/** The answer to one call. */
function call<Response>(send: (done: (error: ServiceError | null, response: Response) => void) => unknown) {
  return new Promise<Response>((resolve, reject) => {
    send((error, response) => (error ? reject(error) : resolve(response)));
  });
}

let running: RunningPackage | undefined;
afterEach(() => running?.close());

/** A client of a served package, as the engine is one. */
async function serve(provider: Partial<ResourceProvider>, settings: JsonObject = {}) {
  const opened: JsonObject[] = [];
  running = await servePackage({
    name: "azure-native",
    version: "3.28.0",
    settings: ["location"],
    open(given) {
      opened.push(given);
      return {
        providerOf: () => ({ ...echo, ...provider }),
        invoke: async (token, args) => ({ token, ...args }),
        close: async () => {},
      };
    },
  });
  const client = new services.ResourceProviderClient(`127.0.0.1:${running.port}`, credentials.createInsecure());
  const configuration = new messages.ConfigureRequest();
  configuration.setArgs(structOf(settings));
  const configure = () => call<messages.ConfigureResponse>((done) => client.configure(configuration, done));
  return { client, opened, configure };
}

async function configured(provider: Partial<ResourceProvider>) {
  const served = await serve(provider);
  await served.configure();
  return served;
}

describe("a package as the engine calls it over gRPC", () => {
  it("is configured with the stack's settings and takes part in previews", async () => {
    const { configure, opened } = await serve({}, { location: "westeurope" });
    expect((await configure()).getSupportspreview()).toBe(true);
    expect(opened).toEqual([{ location: "westeurope" }]);
  });

  it("refuses a setting that it does not know, by name", async () => {
    const { client } = await serve({});
    const request = new messages.CheckRequest();
    request.setNews(structOf({ location: "westeurope", version: "3.28.0", useMsi: "true" }));
    const failures = (
      await call<messages.CheckResponse>((done) => client.checkConfig(request, done))
    ).getFailuresList();
    expect(failures.map((failure) => [failure.getProperty(), failure.getReason()])).toEqual([
      ["useMsi", "the emulator does not support the setting azure-native:useMsi"],
    ]);
  });

  it("gives inputs back as they were sent, with what the provider filled in: a file stays a file", async () => {
    const seen: JsonObject[] = [];
    const { client } = await configured({
      check: async (_type, inputs) => ({ ...inputs, ...add(seen, inputs) }),
    });
    const file = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", path: "/a.csv", hash: "12" };
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    request.setNews(structOf({ source: file, nested: { unknown: unknownValue } }));
    const inputs = (await call<messages.CheckResponse>((done) => client.check(request, done)))
      .getInputs()
      ?.toJavaScript();
    expect(seen).toEqual([{ source: { assetPath: "/a.csv", assetSha256: "12" }, nested: { unknown: unknownValue } }]);
    expect(inputs).toEqual({ source: file, nested: { unknown: unknownValue }, location: "centralus" });
  });

  it("says what is wrong with inputs as a failure of the resource", async () => {
    const check = async () => Promise.reject(new Error(`${type}: the emulator does not support the input tier`));
    const { client } = await configured({ check });
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    const [failure] = (await call<messages.CheckResponse>((done) => client.check(request, done))).getFailuresList();
    expect(failure?.getReason()).toBe(`${type}: the emulator does not support the input tier`);
  });

  it("previews a creation without making anything: no id, unknown values stay unknown", async () => {
    const asked: unknown[] = [];
    const create: ResourceProvider["create"] = async (...given) => {
      asked.push(given);
      return { id: "", outputs: given[1] };
    };
    const { client } = await configured({ create });
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setPreview(true);
    request.setProperties(structOf({ accountName: unknownValue }));
    const response = await call<messages.CreateResponse>((done) => client.create(request, done));
    expect(asked).toEqual([[type, { accountName: unknownValue }, true]]);
    expect([response.getId(), response.getProperties()?.toJavaScript()]).toEqual(["", { accountName: unknownValue }]);
  });

  it("shows a difference place by place, and which of them replace", async () => {
    const { client } = await configured({
      diff: async () => ({
        inputs: [
          { path: "sku.name", kind: "changed", replaces: false },
          { path: "accountName", kind: "changed", replaces: true },
          { path: "tags.owner", kind: "added", replaces: false },
          { path: "kind", kind: "removed", replaces: false },
        ],
        deleteBeforeReplace: true,
        losesData: true,
      }),
    });
    const request = new messages.DiffRequest();
    request.setUrn(urn);
    const response = await call<messages.DiffResponse>((done) => client.diff(request, done));
    const { Kind } = messages.PropertyDiff;
    const shown = [...response.getDetaileddiffMap().entries()].map(([place, each]) => [place, each.getKind()]);
    expect(Object.fromEntries(shown)).toEqual({
      "sku.name": Kind.UPDATE,
      accountName: Kind.UPDATE_REPLACE,
      "tags.owner": Kind.ADD,
      kind: Kind.DELETE,
    });
    expect(response.getReplacesList()).toEqual(["accountName"]);
    expect(response.getDeletebeforereplace()).toBe(true);
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
  });

  it("compares with the inputs of the last deployment, not with what the service answered", async () => {
    const olds: Deployed[] = [];
    const { client } = await configured({
      diff: async (_type, old) => {
        olds.push(old);
        return { inputs: [], deleteBeforeReplace: true, losesData: false };
      },
    });
    const request = new messages.DiffRequest();
    request.setUrn(urn);
    request.setId("/made");
    request.setOlds(structOf({ name: "output" }));
    request.setOldInputs(structOf({ name: "input" }));
    const response = await call<messages.DiffResponse>((done) => client.diff(request, done));
    expect(olds).toEqual([{ id: "/made", inputs: { name: "input" }, outputs: { name: "output" } }]);
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("answers a refresh of what is gone with no id, and an import with the inputs that would make it", async () => {
    const request = new messages.ReadRequest();
    request.setUrn(urn);
    request.setId("/found");
    const { client } = await configured({});
    const imported = await call<messages.ReadResponse>((done) => client.read(request, done));
    expect([imported.getId(), imported.getInputs()?.toJavaScript()]).toEqual(["/found", { name: "imported" }]);
    await running?.close();
    const gone = await configured({ read: async () => undefined });
    expect((await call<messages.ReadResponse>((done) => gone.client.read(request, done))).getId()).toBe("");
  });

  it("passes function calls on", async () => {
    const { client } = await configured({});
    const request = new messages.InvokeRequest();
    request.setTok("azure-native:authorization:getClientConfig");
    request.setArgs(structOf({ a: 1 }));
    const answer = (await call<messages.InvokeResponse>((done) => client.invoke(request, done)))
      .getReturn()
      ?.toJavaScript();
    expect(answer).toEqual({ token: "azure-native:authorization:getClientConfig", a: 1 });
  });

  it("fails with the service's own code and sentence", async () => {
    const refused = new ArmError(409, "Conflict", "The storage account is being deleted.");
    const { client } = await configured({ delete: () => Promise.reject(refused) });
    const request = new messages.DeleteRequest();
    request.setUrn(urn);
    await expect(call((done) => client.delete(request, done))).rejects.toMatchObject({
      details: "Conflict: The storage account is being deleted.",
    });
  });

  it("says so when it is called before it is configured", async () => {
    const { client } = await serve({});
    const request = new messages.DeleteRequest();
    request.setUrn(urn);
    await expect(call((done) => client.delete(request, done))).rejects.toMatchObject({
      details: "the provider azure-native was called before it was configured",
    });
  });
});

function add(seen: JsonObject[], inputs: JsonObject): JsonObject {
  seen.push(inputs);
  return { location: "centralus" };
}
