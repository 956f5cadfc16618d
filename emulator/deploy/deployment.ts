import type { Reporter } from "./deployEvent.js";
import type { DeployedResource, DeployedResources } from "./deployedResources.js";
import { DeploymentError } from "./deploymentError.js";
import { providerText } from "./dynamicResources.js";
import { type Plan, planOf } from "./plan.js";
import { unknownValue, withIgnored } from "./properties.js";
import type { Registration, Subject } from "./registration.js";
import type { Deployed, Made, ResourceProvider } from "./resourceProvider.js";

/** What a deployment works with. */
export interface DeploymentOptions {
  readonly deployed: DeployedResources;
  readonly providerOf: (type: string) => ResourceProvider;
  readonly reporter: Reporter;
  /** Only find out what would be done. */
  readonly preview?: boolean;
}

/** Brings single resources to what the program says; each is recorded as soon as it is. */
export class Deployment {
  readonly #options: DeploymentOptions;
  /** Of a preview: what a deployment would refuse. */
  readonly refusals: DeploymentError[] = [];

  constructor(options: DeploymentOptions) {
    this.#options = options;
  }

  /** Creates, updates, replaces or leaves the resource. */
  async register(registration: Registration): Promise<Made> {
    const { providerOf, preview = false } = this.#options;
    const { type } = registration;
    if (registration.secretInputs.includes(providerText)) {
      throw new Error("the dynamic resource's provider captures a secret, which would be stored in clear");
    }
    const provider = providerOf(type);
    const old = await this.#oldOf(registration, provider);
    const given = withIgnored(registration.inputs, old?.inputs ?? {}, old ? registration.ignoreChanges : []);
    const inputs = await provider.check(type, given, old?.inputs);
    if (!old) return this.#do("created", registration, inputs, () => provider.create(type, inputs, preview));
    const { unfinished = false } = old;
    const plan = await planOf(provider, registration, old, inputs, unfinished);
    if (plan.refusal) {
      if (!preview) throw plan.refusal;
      this.refusals.push(new DeploymentError(registration, plan.refusal));
    }
    switch (plan.action) {
      case "nothing":
        this.#options.reporter.tell("unchanged", registration);
        return this.#record(registration, inputs, old);
      case "update": {
        const present = unfinished ? undefined : await provider.already?.(type, old, inputs);
        if (present) {
          this.#options.reporter.tell("unchanged", registration);
          return this.#record(registration, inputs, present);
        }
        return this.#do("updated", registration, inputs, () => this.#update(provider, old, inputs), plan);
      }
      case "replace":
        return this.#do("replaced", registration, inputs, () => this.#replace(provider, old, inputs, plan), plan);
    }
  }

  /** A resource that was made elsewhere and stays so: what the record has under its URN is left to whoever has it now. */
  async read(subject: Subject, id: string): Promise<Made> {
    const { deployed, providerOf, reporter, preview } = this.#options;
    if (id === "" || id === unknownValue) return { id: "", outputs: {} };
    const found = await providerOf(subject.type).read(subject.type, id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    if (deployed.get(subject.urn)) {
      reporter.tell("forgotten", subject);
      if (!preview) deployed.remove(subject.urn);
    }
    return found;
  }

  /** The resource as it was left, under this URN or a former one; one whose end was not seen is looked for. */
  async #oldOf(registration: Registration, provider: ResourceProvider): Promise<DeployedResource | undefined> {
    const { deployed, preview } = this.#options;
    const { urn, formerUrns } = registration;
    const old = [urn, ...formerUrns].map((known) => deployed.get(known)).find((known) => known !== undefined);
    if (!old) return undefined;
    if (old.urn !== urn && !preview) deployed.rename(old.urn, urn);
    if (!old.unfinished || (await provider.read(old.type, old.id, old))) return { ...old, urn };
    if (!preview) deployed.remove(urn);
    return undefined;
  }

  async #update(provider: ResourceProvider, old: DeployedResource, inputs: Deployed["inputs"]): Promise<Made> {
    const { deployed, preview = false } = this.#options;
    if (!preview) deployed.put({ ...old, unfinished: true });
    return provider.update(old.type, old, inputs, preview);
  }

  async #replace(
    provider: ResourceProvider,
    old: DeployedResource,
    inputs: Deployed["inputs"],
    plan: Plan,
  ): Promise<Made> {
    const { deployed, preview = false } = this.#options;
    if (preview) return provider.create(old.type, inputs, true);
    if (plan.deleteBeforeReplace && !old.retainOnDelete) {
      deployed.put({ ...old, unfinished: true });
      await provider.delete(old.type, old);
      deployed.remove(old.urn);
      return provider.create(old.type, inputs);
    }
    const made = await provider.create(old.type, inputs);
    // it goes when everything that used it uses the new one
    deployed.setAside(old.urn);
    return made;
  }

  async #do(
    kind: "created" | "updated" | "replaced",
    registration: Registration,
    inputs: Deployed["inputs"],
    work: () => Promise<Made>,
    plan?: Plan,
  ): Promise<Made> {
    const { reporter, preview } = this.#options;
    if (preview) {
      reporter.tell(kind, registration, plan?.changes);
      return work();
    }
    return this.#record(registration, inputs, await reporter.timed(kind, registration, work, plan?.changes));
  }

  #record(registration: Registration, inputs: Deployed["inputs"], { id, outputs }: Made): Made {
    const { urn, type, name, secretInputs, dependencies, deletedWith, retainOnDelete, protect } = registration;
    const kept = { secretInputs, dependencies, deletedWith, retainOnDelete, protect };
    if (!this.#options.preview) this.#options.deployed.put({ urn, type, name, id, inputs, outputs, ...kept });
    return { id, outputs };
  }
}
