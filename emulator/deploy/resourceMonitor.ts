import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type {
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
import { DeploymentError } from "./deploymentError.js";
import { holdsSecret, plainObject } from "./properties.js";
import type { Invoke } from "./resourceProvider.js";

interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/** A resource as the program registers it, its inputs in plain JSON. */
export interface Registration extends Subject {
  readonly inputs: JsonObject;
  /** The names of the top-level inputs that hold a secret. */
  readonly secretInputs: readonly string[];
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly deletedWith: string;
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
}

/** What the monitor asks for: a resource brought into being, and the answer to a function call. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly register: (registration: Registration) => Promise<{ readonly id: string; readonly outputs: JsonObject }>;
  readonly invoke: Invoke;
}

type Callback<T> = (error: Error | null, response?: T) => void;

const stackType = "pulumi:pulumi:Stack";
const supported = new Set(["secrets", "resourceReferences", "aliasSpecs", "deletedWith"]);

/**
 * The engine's side of a running Pulumi program (pulumirpc.ResourceMonitor), in this process: `setMockOptions` takes it in
 * place of a connection. After the first failure everything else is answered with UNAVAILABLE, which the SDK takes as
 * the engine's quiet end; `failed` then rejects with the failure itself once nothing is in flight.
 */
export class ResourceMonitor {
  readonly #options: MonitorOptions;
  readonly #urns = new Set<string>();
  readonly #reject: (error: Error) => void;
  #inFlight = 0;
  #failure: Error | undefined;
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

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** The URNs of all that the program registered. */
  get urns(): ReadonlySet<string> {
    return this.#urns;
  }

  /** Ends the deployment with an error of the program's own. */
  abort(error: Error): void {
    this.#failure ??= error;
    if (this.#inFlight === 0) this.#reject(this.#failure);
  }

  supportsFeature(request: SupportsFeatureRequest, callback: Callback<SupportsFeatureResponse>): void {
    const response = new resource.SupportsFeatureResponse();
    response.setHassupport(supported.has(request.getId()));
    callback(null, response);
  }

  registerResource(request: RegisterResourceRequest, callback: Callback<RegisterResourceResponse>): void {
    this.#answer(callback, this.#subjectOf(request), async () => {
      const registration = this.#registrationOf(request);
      if (this.#urns.has(registration.urn)) throw new Error("two resources of this type have the same name");
      this.#urns.add(registration.urn);
      const response = new resource.RegisterResourceResponse();
      response.setUrn(registration.urn);
      if (request.getCustom()) {
        const made = await this.#options.register(registration);
        response.setId(made.id);
        response.setObject(struct.Struct.fromJavaScript(made.outputs));
      }
      return response;
    });
  }

  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback<unknown>): void {
    const outputs = request.getOutputs()?.toJavaScript() as JsonObject | undefined;
    if (typeOf(request.getUrn()) === stackType && outputs) this.#outputs = outputs;
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

  readResource(request: RegisterResourceRequest, callback: Callback<never>): void {
    this.#answer(callback, this.#subjectOf(request), async () => {
      throw new Error("the emulator does not support reading a resource that the program does not declare");
    });
  }

  signalAndWaitForShutdown(_request: unknown, callback: Callback<unknown>): void {
    callback(null, new empty.Empty());
  }

  close(): void {}

  #subjectOf(request: RegisterResourceRequest): Subject {
    const [type, name] = [request.getType(), request.getName()];
    const parentType = typeOf(request.getParent());
    const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
    const { stack, project } = this.#options;
    return { urn: `urn:pulumi:${stack}::${project}::${qualified}::${name}`, type, name };
  }

  /** Throws on an input that cannot be read: a file that is not there, a kind of value that is not supported. */
  #registrationOf(request: RegisterResourceRequest): Registration {
    const raw = (request.getObject()?.toJavaScript() ?? {}) as JsonObject;
    return {
      ...this.#subjectOf(request),
      inputs: plainObject(raw),
      secretInputs: Object.keys(raw).filter((key) => holdsSecret(raw[key] ?? null)),
      dependencies: request.getDependenciesList(),
      ignoreChanges: request.getIgnorechangesList(),
      deletedWith: request.getDeletedwith(),
      retainOnDelete: request.getRetainondelete() ?? false,
      protect: request.getProtect() ?? false,
    };
  }

  #answer<T>(callback: Callback<T>, subject: Subject, work: () => Promise<T>): void {
    if (this.#failure) {
      callback(unavailable());
      return;
    }
    this.#inFlight += 1;
    const finished = (answer: () => void) => {
      this.#inFlight -= 1;
      answer();
      if (this.#failure && this.#inFlight === 0) this.#reject(this.#failure);
    };
    work().then(
      (response) => finished(() => callback(null, response)),
      (error: unknown) => {
        this.#failure ??= new DeploymentError(subject, error);
        finished(() => callback(unavailable()));
      },
    );
  }
}

/** gRPC's UNAVAILABLE: the SDK overwrites the message of the error that it gets, so each is a new one. */
function unavailable(): Error {
  return Object.assign(new Error("the deployment has failed"), { code: 14 });
}

/** The qualified type in a URN. */
function typeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}
