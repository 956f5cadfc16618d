import type { Clock } from "../../contract/clock.js";
import { messageOf } from "../../contract/errors.js";
import type { DeployEvent } from "./deployEvent.js";
import type { DeployedResource, DeployedResources } from "./deployedResources.js";
import { DeploymentError } from "./deploymentError.js";
import { providerText, sameInputs } from "./dynamicResources.js";
import { comparable, withIgnored } from "./properties.js";
import type { Registration } from "./resourceMonitor.js";
import type { Change, Made, ResourceProvider } from "./resourceProvider.js";

/** What a deployment works with. */
export interface DeploymentOptions {
  readonly deployed: DeployedResources;
  readonly providerOf: (type: string) => ResourceProvider;
  readonly clock: Clock;
  readonly onEvent: (event: DeployEvent) => void;
}

type Subject = Pick<DeployedResource, "urn" | "type" | "name">;

/** Brings single resources to what the program says; each is recorded as soon as it is. */
export class Deployment {
  readonly #options: DeploymentOptions;

  constructor(options: DeploymentOptions) {
    this.#options = options;
  }

  /** Creates, updates, replaces or leaves the resource. */
  async register(registration: Registration): Promise<Made> {
    const { deployed, providerOf } = this.#options;
    const { type } = registration;
    if (registration.secretInputs.includes(providerText)) {
      throw new Error("the dynamic resource's provider captures a secret, which would be stored in clear");
    }
    const provider = providerOf(type);
    const old = deployed.get(registration.urn);
    const given = withIgnored(registration.inputs, old?.inputs ?? {}, old ? registration.ignoreChanges : []);
    const inputs = await provider.check(type, given);
    const record = (made: Made) => this.#record(registration, { ...made, inputs });
    if (!old) return record(await this.#timed(registration, "created", () => provider.create(type, inputs)));
    const same = sameInputs(comparable(old.inputs), comparable(inputs));
    const change: Change = same ? { kind: "none" } : await provider.diff(type, old, inputs);
    if (change.kind === "none") {
      this.#emit("unchanged", registration, 0);
      return record(old);
    }
    if (change.kind === "update") {
      return record(await this.#timed(registration, "updated", () => provider.update(type, old, inputs)));
    }
    // a resource that is kept at its end can always make room for another
    if (change.kind === "refused" && !old.retainOnDelete) {
      throw new Error(
        `the change of ${change.inputs.join(", ")} would delete the resource and make it anew; reset the emulator, or take the change back`,
      );
    }
    if (old.protect) throw new Error("the resource is protected and would be replaced");
    return record(
      await this.#timed(registration, "replaced", async () => {
        if (!old.retainOnDelete) await provider.delete(type, old);
        return provider.create(type, inputs);
      }),
    );
  }

  /** Removes what the record has and `kept` has not, dependents first. */
  async removeOthers(kept: ReadonlySet<string>): Promise<void> {
    const all = this.#options.deployed.all();
    const leaving = all.filter(({ urn }) => !kept.has(urn));
    // a resource that the program has under another name now must not be lost
    const stillThere = new Set(all.filter(({ urn }) => kept.has(urn)).map(({ id }) => id));
    const urns = new Set(leaving.map(({ urn }) => urn));
    for (const resource of dependentsFirst(leaving)) {
      if (resource.protect) throw new DeploymentError(resource, new Error("the resource is protected"));
      const forget = resource.retainOnDelete || urns.has(resource.deletedWith) || stillThere.has(resource.id);
      await this.#remove(resource, forget);
    }
  }

  async #remove(resource: DeployedResource, forget: boolean): Promise<void> {
    const { deployed, providerOf } = this.#options;
    try {
      if (forget) this.#emit("forgotten", resource, 0);
      else await this.#timed(resource, "deleted", () => providerOf(resource.type).delete(resource.type, resource));
    } catch (error) {
      throw new DeploymentError(resource, error);
    }
    deployed.remove(resource.urn);
  }

  #record(registration: Registration, made: Made & Pick<DeployedResource, "inputs">): Made {
    const { urn, type, name, dependencies, deletedWith, retainOnDelete, protect } = registration;
    const { id, inputs, outputs } = made;
    this.#options.deployed.put({
      urn,
      type,
      name,
      id,
      inputs,
      outputs,
      dependencies,
      deletedWith,
      retainOnDelete,
      protect,
    });
    return { id, outputs };
  }

  async #timed<T>(subject: Subject, kind: DeployEvent["kind"], work: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    const start = clock.now().getTime();
    this.#emit("started", subject, 0);
    try {
      const result = await work();
      this.#emit(kind, subject, clock.now().getTime() - start);
      return result;
    } catch (error) {
      this.#emit("failed", subject, clock.now().getTime() - start);
      throw error instanceof Error ? error : new Error(messageOf(error));
    }
  }

  #emit(kind: DeployEvent["kind"], { urn, type, name }: Subject, milliseconds: number): void {
    this.#options.onEvent({ kind, urn, type, name, milliseconds });
  }
}

/** The resources so ordered that each comes before those it depends on. */
function dependentsFirst(resources: readonly DeployedResource[]): readonly DeployedResource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered: DeployedResource[] = [];
  const seen = new Set<string>();
  const visit = (resource: DeployedResource) => {
    if (seen.has(resource.urn)) return;
    seen.add(resource.urn);
    for (const urn of [...resource.dependencies, resource.deletedWith]) {
      const dependency = byUrn.get(urn);
      if (dependency) visit(dependency);
    }
    ordered.push(resource);
  };
  for (const resource of resources) visit(resource);
  return ordered.reverse();
}
