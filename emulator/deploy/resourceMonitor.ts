import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  ReadResourceRequest,
  ReadResourceResponse,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { JsonObject } from "../../contract/json.js";
import { DeploymentError, inOne } from "./deploymentError.js";
import { plainObject, withSecrets } from "./properties.js";
import { type Registration, readRegistration, type Subject } from "./registration.js";
import type { Invoke, Made } from "./resourceProvider.js";
import { formerUrns, qualifiedType, stackType, type UrnParts, urnOf } from "./urns.js";

/** What the monitor asks for: a resource brought into being or read, and the answer to a function call. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly register: (registration: Registration) => Promise<Made>;
  /** A resource that was made elsewhere (`Resource.get`); throws when there is none. */
  readonly read: (subject: Subject, id: string) => Promise<Made>;
  readonly invoke: Invoke;
}

type Callback<T> = (error: Error | null, response?: T) => void;

const supported = new Set(["secrets", "resourceReferences", "aliasSpecs", "deletedWith"]);

/**
 * The engine's side of a running Pulumi program (pulumirpc.ResourceMonitor), in this process: `setMockOptions` takes it in
 * place of a connection. After the first failure everything else is answered with UNAVAILABLE, which the SDK takes as
 * the engine's quiet end; `failed` then rejects with every failure once nothing is in flight.
 */
export class ResourceMonitor {
  readonly #options: MonitorOptions;
  readonly #urns = new Set<string>();
  /** URN of a component → the URNs that it may have had before. */
  readonly #formerUrns = new Map<string, readonly string[]>();
  readonly #failures: DeploymentError[] = [];
  readonly #reject: (error: Error) => void;
  #inFlight = 0;
  #programError: Error | undefined;
  #outputs: JsonObject = {};
  readonly failed: Promise<never>;

  constructor(options: MonitorOptions) {
    this.#options = options;
    let reject: (error: Error) => void = () => {};
    this.failed = new Promise<never>((_resolve, fail) => {
      reject = fail;
    });
    this.failed.catch(() => {});
    this.#reject = reject;
  }

  /** What the program returned, as it was registered: a secret still has its mark. */
  get rawOutputs(): JsonObject {
    return this.#outputs;
  }

  /** What the resources failed with, or else the program itself. */
  get failure(): Error | undefined {
    return inOne(this.#failures) ?? this.#programError;
  }

  /** The URNs of all that the program registered. */
  get urns(): ReadonlySet<string> {
    return this.#urns;
  }

  /** Ends the deployment with an error of the program's own. */
  abort(error: Error): void {
    if (!this.failure) this.#programError = error;
    this.#rejectWhenQuiet();
  }

  supportsFeature(request: SupportsFeatureRequest, callback: Callback<SupportsFeatureResponse>): void {
    const response = new resource.SupportsFeatureResponse();
    response.setHassupport(supported.has(request.getId()));
    callback(null, response);
  }

  registerResource(request: RegisterResourceRequest, callback: Callback<RegisterResourceResponse>): void {
    const parts = this.#partsOf(request);
    this.#answer(callback, subjectOf(parts), async () => {
      const { urn } = this.#registered(parts);
      const formerParents = this.#formerUrns.get(parts.parent) ?? [];
      const response = new resource.RegisterResourceResponse();
      response.setUrn(urn);
      if (!request.getCustom()) {
        this.#formerUrns.set(urn, formerUrns(parts, request.getAliasesList(), formerParents));
        return response;
      }
      const registration = readRegistration(request, parts, formerParents);
      const made = await this.#options.register(registration);
      const secrets = [...registration.secretInputs, ...registration.secretOutputs];
      response.setId(made.id);
      response.setObject(struct.Struct.fromJavaScript(withSecrets(made.outputs, secrets)));
      return response;
    });
  }

  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback<unknown>): void {
    const outputs = request.getOutputs()?.toJavaScript() as JsonObject | undefined;
    if (qualifiedType(request.getUrn()) === stackType && outputs) this.#outputs = outputs;
    callback(null, new empty.Empty());
  }

  invoke(request: ResourceInvokeRequest, callback: Callback<InvokeResponse>): void {
    const token = request.getTok();
    this.#answer(callback, { urn: "", type: token, name: token.split(":").at(-1) ?? token }, async () => {
      const args = plainObject((request.getArgs()?.toJavaScript() ?? {}) as JsonObject);
      const response = new provider.InvokeResponse();
      response.setReturn(struct.Struct.fromJavaScript(await this.#options.invoke(token, args)));
      return response;
    });
  }

  readResource(request: ReadResourceRequest, callback: Callback<ReadResourceResponse>): void {
    const parts = this.#partsOf(request);
    this.#answer(callback, subjectOf(parts), async () => {
      const subject = this.#registered(parts);
      const { outputs } = await this.#options.read(subject, request.getId());
      const response = new resource.ReadResourceResponse();
      response.setUrn(subject.urn);
      const secrets = request.getAdditionalsecretoutputsList();
      response.setProperties(struct.Struct.fromJavaScript(withSecrets(outputs, secrets)));
      return response;
    });
  }

  signalAndWaitForShutdown(_request: unknown, callback: Callback<unknown>): void {
    callback(null, new empty.Empty());
  }

  close(): void {}

  #partsOf(request: RegisterResourceRequest | ReadResourceRequest): UrnParts {
    const { stack, project } = this.#options;
    return { stack, project, parent: request.getParent(), type: request.getType(), name: request.getName() };
  }

  #registered(parts: UrnParts): Subject {
    const subject = subjectOf(parts);
    if (this.#urns.has(subject.urn)) throw new Error("two resources of this type have the same name");
    this.#urns.add(subject.urn);
    return subject;
  }

  #answer<T>(callback: Callback<T>, subject: Subject, work: () => Promise<T>): void {
    if (this.failure) {
      callback(unavailable());
      return;
    }
    this.#inFlight += 1;
    const finished = (answer: () => void) => {
      this.#inFlight -= 1;
      answer();
      this.#rejectWhenQuiet();
    };
    work().then(
      (response) => finished(() => callback(null, response)),
      (error: unknown) => {
        this.#failures.push(new DeploymentError(subject, error));
        finished(() => callback(unavailable()));
      },
    );
  }

  #rejectWhenQuiet(): void {
    const { failure } = this;
    if (failure && this.#inFlight === 0) this.#reject(failure);
  }
}

function subjectOf(parts: UrnParts): Subject {
  return { urn: urnOf(parts), type: parts.type, name: parts.name };
}

/** gRPC's UNAVAILABLE: the SDK overwrites the message of the error that it gets, so each is a new one. */
function unavailable(): Error {
  return Object.assign(new Error("the deployment has failed"), { code: 14 });
}
