import type { DeployedResource } from "./deployedResources.js";
import type { DeploymentOptions } from "./deployment.js";
import { DeploymentError } from "./deploymentError.js";

/** Removes what the record has and `kept` (URNs) has not, dependents first; what goes with another goes when that is gone. */
export async function removeOthers(options: DeploymentOptions, kept: ReadonlySet<string>): Promise<void> {
  const all = options.deployed.all();
  const leaving = all.filter(({ urn }) => !kept.has(urn));
  // a resource that the program has under another name now must not be lost
  const stillThere = new Set(all.filter(({ urn }) => kept.has(urn)).map(({ id }) => id));
  const isLeft = (resource: DeployedResource) => resource.retainOnDelete || stillThere.has(resource.id);
  const guarded = leaving.find((resource) => resource.protect && !stillThere.has(resource.id));
  if (guarded) throw new DeploymentError(guarded, new Error("the resource is protected"));

  const byUrn = new Map(leaving.map((resource) => [resource.urn, resource]));
  const endingWith = (resource: DeployedResource): DeployedResource | undefined => {
    const container = byUrn.get(resource.deletedWith);
    if (!container) return undefined;
    return endingWith(container) ?? (isLeft(container) ? undefined : container);
  };
  const inside = new Map<DeployedResource, DeployedResource[]>();
  for (const resource of dependentsFirst(leaving)) {
    const container = endingWith(resource);
    if (container) {
      inside.set(container, [...(inside.get(container) ?? []), resource]);
      continue;
    }
    await remove(options, resource, isLeft(resource));
    // only now: a deployment that is killed before finds it again
    for (const gone of inside.get(resource) ?? []) forget(options, gone);
  }
}

async function remove(options: DeploymentOptions, resource: DeployedResource, isLeft: boolean): Promise<void> {
  const { deployed, providerOf, reporter, preview } = options;
  if (isLeft) return forget(options, resource);
  if (preview) return reporter.tell("deleted", resource);
  try {
    await reporter.timed("deleted", resource, async () => {
      deployed.put({ ...resource, unfinished: true });
      await providerOf(resource.type).delete(resource.type, resource);
    });
  } catch (error) {
    throw new DeploymentError(resource, error);
  }
  deployed.remove(resource.urn);
}

function forget({ deployed, reporter, preview }: DeploymentOptions, resource: DeployedResource): void {
  reporter.tell("forgotten", resource);
  if (!preview) deployed.remove(resource.urn);
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
