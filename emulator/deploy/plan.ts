import type { Json } from "../../contract/json.js";
import type { DeployedResource } from "./deployedResources.js";
import { type Difference, differences, kindOf } from "./differences.js";
import { withoutProviderText } from "./dynamicResources.js";
import { unknownValue } from "./properties.js";
import { covers, type PathSegment, parsePath } from "./propertyPath.js";
import type { Registration } from "./registration.js";
import type { Change, Deployed, ResourceProvider } from "./resourceProvider.js";

/** A change of an input as a person reads it. */
export interface ShownChange {
  /** Dotted; an item of a list by its name where it has one: `definition.activities[Getbearertoken].typeProperties.url`. */
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
  /** As JSON; `[secret]`, `[unknown]` (before the deployment); absent where there was or is none. */
  readonly old?: string;
  readonly new?: string;
}

/** What is to be done about a resource that is there. */
export interface Plan {
  readonly action: "nothing" | "update" | "replace";
  readonly changes: readonly ShownChange[];
  readonly deleteBeforeReplace: boolean;
  /** Why it must not be done. */
  readonly refusal?: Error;
}

const nothing: Plan = { action: "nothing", changes: [], deleteBeforeReplace: false };

/** Compares what is there with what the program wants. `again`: an update that was begun must be made whatever differs. */
export async function planOf(
  provider: ResourceProvider,
  registration: Registration,
  old: DeployedResource,
  inputs: Deployed["inputs"],
  again: boolean,
): Promise<Plan> {
  const change = await changeOf(provider, registration.type, old, inputs);
  if (change === undefined) return again ? { ...nothing, action: "update" } : nothing;
  const found = differences(withoutProviderText(old.inputs), withoutProviderText(inputs));
  const secrets = [...old.secretInputs, ...registration.secretInputs].map(parsePath);
  const changes = found.map((difference) => shown(difference, secrets));
  const wanted = registration.replaceOnChanges.map(parsePath);
  const replacing = [
    ...change.inputs.filter(({ replaces }) => replaces).map(({ path }) => path),
    ...found.filter(({ path }) => wanted.some((pattern) => covers(pattern, path))).map(({ place }) => place),
  ];
  if (replacing.length === 0) return { ...nothing, action: "update", changes };
  const refusal = refusalOf(old, change, replacing);
  return {
    action: "replace",
    changes,
    deleteBeforeReplace: registration.deleteBeforeReplace ?? change.deleteBeforeReplace,
    ...(refusal && { refusal }),
  };
}

/** Undefined when nothing is to be done. Equal inputs are equal resources: the provider is not even asked. */
async function changeOf(
  provider: ResourceProvider,
  type: string,
  old: DeployedResource,
  inputs: Deployed["inputs"],
): Promise<Change | undefined> {
  if (differences(withoutProviderText(old.inputs), withoutProviderText(inputs)).length === 0) return undefined;
  const change = await provider.diff(type, old, inputs);
  return change.inputs.length === 0 ? undefined : change;
}

function refusalOf(old: DeployedResource, change: Change, replacing: readonly string[]): Error | undefined {
  const places = [...new Set(replacing)].join(", ");
  if (old.protect) return new Error(`the resource is protected, and the change of ${places} would replace it`);
  // one that is kept at its end can always make room for another
  if (!change.losesData || old.retainOnDelete) return undefined;
  return new Error(
    `the change of ${places} would delete the resource and make it anew; reset the emulator, or take the change back`,
  );
}

function shown(difference: Difference, secrets: readonly (readonly PathSegment[])[]): ShownChange {
  const { path, place, old, new: news } = difference;
  // a change of what a secret is inside of shows the secret too
  const isSecret = secrets.some((secret) => covers(secret, path) || covers(path, secret));
  const text = (value: Json) =>
    isSecret ? "[secret]" : JSON.stringify(value).replaceAll(`"${unknownValue}"`, "[unknown]");
  return {
    path: place,
    kind: kindOf(difference),
    ...(old !== undefined && { old: text(old) }),
    ...(news !== undefined && { new: text(news) }),
  };
}
