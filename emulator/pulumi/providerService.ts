import { type handleUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { messageOf } from "../../contract/errors.js";
import type { JsonObject } from "../../contract/json.js";
import type { Providers } from "../deploy/providers.js";
import type { Deployed, InputChange, Made, ResourceProvider } from "../deploy/resourceProvider.js";
import { objectAsSent, plainProperties, structOf, wireProperties } from "./propertyStruct.js";
import type { ServedPackage } from "./servedPackage.js";

/**
 * A package as Pulumi's engine calls it (gRPC service pulumirpc.ResourceProvider): each call goes to the provider class
 * that a deployment in process calls too. What is not here is answered with UNIMPLEMENTED, which the engine takes.
 */
export function providerService(served: ServedPackage): UntypedServiceImplementation & { close(): Promise<void> } {
  let providers: Providers | undefined;
  const configured = (): Providers => {
    if (!providers) throw new Error(`the provider ${served.name} was called before it was configured`);
    return providers;
  };
  const providerOf = (urn: string): [type: string, provider: ResourceProvider] => {
    const type = typeOf(urn);
    return [type, configured().providerOf(type)];
  };
  return {
    close: async () => providers?.close(),
    getPluginInfo: unary(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(served.version);
      return info;
    }),
    attach: unary(async () => new empty.Empty()),
    cancel: unary(async () => new empty.Empty()),
    checkConfig: unary(async (request: messages.CheckRequest) => {
      const settings = wireProperties(request.getNews());
      const failures = Object.keys(settings)
        .filter((name) => name !== "version" && !served.settings.includes(name))
        .map((name) => failure(name, `the emulator does not support the setting ${served.name}:${name}`));
      return checked(settings, failures);
    }),
    diffConfig: unary(async () => {
      const response = new provider.DiffResponse();
      response.setChanges(provider.DiffResponse.DiffChanges.DIFF_UNKNOWN);
      return response;
    }),
    configure: unary(async (request: messages.ConfigureRequest) => {
      providers = served.open(plainProperties(request.getArgs()));
      const response = new provider.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    invoke: unary(async (request: messages.InvokeRequest) => {
      const response = new provider.InvokeResponse();
      const result = await configured().invoke(request.getTok(), plainProperties(request.getArgs()));
      response.setReturn(structOf(result));
      return response;
    }),
    check: unary(async (request: messages.CheckRequest) => {
      const [type, resources] = providerOf(request.getUrn());
      const sent = wireProperties(request.getNews());
      const olds = request.getOlds();
      try {
        const inputs = await resources.check(type, plainProperties(request.getNews()), olds && plainProperties(olds));
        return checked(objectAsSent(sent, inputs), []);
      } catch (error) {
        return checked(sent, [failure("", sentenceOf(error))]);
      }
    }),
    diff: unary(async (request: messages.DiffRequest) => {
      const [type, resources] = providerOf(request.getUrn());
      const old = deployed(request.getId(), request.getOldInputs(), request.getOlds());
      const change = await resources.diff(type, old, plainProperties(request.getNews()));
      return differing(change.inputs, change.deleteBeforeReplace);
    }),
    create: unary(async (request: messages.CreateRequest) => {
      const [type, resources] = providerOf(request.getUrn());
      const made = await resources.create(type, plainProperties(request.getProperties()), request.getPreview());
      const response = new provider.CreateResponse();
      response.setId(made.id);
      response.setProperties(outputsOf(made));
      return response;
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const [type, resources] = providerOf(request.getUrn());
      const old = deployed(request.getId(), request.getInputs(), request.getProperties());
      const isKnown = Object.keys(old.inputs).length > 0;
      const found = await resources.read(type, old.id, isKnown ? old : undefined);
      const response = new provider.ReadResponse();
      // an empty id tells the engine that there is none
      if (!found) return response;
      response.setId(found.id);
      response.setProperties(outputsOf(found));
      response.setInputs(structOf(objectAsSent(wireProperties(request.getInputs()), found.inputs)));
      return response;
    }),
    update: unary(async (request: messages.UpdateRequest) => {
      const [type, resources] = providerOf(request.getUrn());
      const old = deployed(request.getId(), request.getOldInputs(), request.getOlds());
      const made = await resources.update(type, old, plainProperties(request.getNews()), request.getPreview());
      const response = new provider.UpdateResponse();
      response.setProperties(outputsOf(made));
      return response;
    }),
    delete: unary(async (request: messages.DeleteRequest) => {
      const [type, resources] = providerOf(request.getUrn());
      await resources.delete(type, deployed(request.getId(), request.getOldInputs(), request.getProperties()));
      return new empty.Empty();
    }),
  };
}

type StructMessage = Parameters<typeof plainProperties>[0];

function deployed(id: string, inputs: StructMessage, outputs: StructMessage): Deployed {
  return { id, inputs: plainProperties(inputs), outputs: plainProperties(outputs) };
}

function outputsOf(made: Made) {
  return structOf(made.outputs);
}

function checked(inputs: JsonObject, failures: readonly messages.CheckFailure[]): messages.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(structOf(inputs));
  response.setFailuresList([...failures]);
  return response;
}

function failure(property: string, reason: string): messages.CheckFailure {
  const message = new provider.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

const kinds = {
  added: ["ADD", "ADD_REPLACE"],
  changed: ["UPDATE", "UPDATE_REPLACE"],
  removed: ["DELETE", "DELETE_REPLACE"],
} as const;

/** The differences one by one: the engine's preview shows them so. */
function differing(inputs: readonly InputChange[], deleteBeforeReplace: boolean): messages.DiffResponse {
  const response = new provider.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  response.setChanges(inputs.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(inputs.filter(({ replaces }) => replaces).map(({ path }) => path));
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const { path, kind, replaces } of inputs) {
    const difference = new provider.PropertyDiff();
    difference.setKind(provider.PropertyDiff.Kind[kinds[kind][replaces ? 1 : 0]]);
    difference.setInputdiff(true);
    response.getDetaileddiffMap().set(path, difference);
  }
  return response;
}

/** The resource's own type in a URN, without its parents'. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function unary<Request, Response>(work: (request: Request) => Promise<Response>): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    work(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: status.UNKNOWN, details: sentenceOf(error) }),
    );
  };
}

/** The service's code and sentence. */
function sentenceOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const sentence = messageOf(error);
  return code === "" || sentence.includes(code) ? sentence : `${code}: ${sentence}`;
}
