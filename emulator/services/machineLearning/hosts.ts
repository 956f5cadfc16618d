import { hostSuffixes } from "../../../contract/hosts.js";
import { propertiesOf, textAt } from "../../platform/json.js";
import type { Resources, StoredResource } from "../../platform/resources.js";
import { types } from "./names.js";

/** Which of the service's hosts a name is. */
export type Host =
  | { readonly kind: "scoring"; readonly endpoint: string; readonly region: string }
  | { readonly kind: "experiments"; readonly region: string }
  | { readonly kind: "api"; readonly region: string };

export function hostOf(host: string): Host | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  const before = (suffix: string) => (name.endsWith(suffix) ? name.slice(0, -suffix.length).split(".") : []);
  const [endpoint, region, ...more] = before(hostSuffixes.batchEndpoint);
  if (endpoint && region && more.length === 0) return { kind: "scoring", endpoint, region };
  for (const [kind, suffix] of regional) {
    const [one, ...others] = before(suffix);
    if (one && others.length === 0) return { kind, region: one };
  }
  return undefined;
}

const regional = [
  ["experiments", hostSuffixes.machineLearningExperiments],
  ["api", hostSuffixes.machineLearningApi],
] as const;

/** The endpoint whose scoring host it is, once it answers. */
export function endpointAt(resources: Resources, { endpoint, region }: { endpoint: string; region: string }) {
  return resources
    .ofType(types.batchEndpoint)
    .find(
      (candidate) =>
        candidate.name.toLowerCase() === endpoint &&
        candidate.body["location"] === region &&
        textAt(propertiesOf(candidate), "scoringUri") !== undefined,
    );
}

/** The workspace that a path of a regional host names; a workspace answers in its own region alone. */
export function workspaceIn(
  resources: Resources,
  region: string,
  path: Readonly<Record<string, string>>,
): StoredResource | undefined {
  const { subscription, group, workspace } = path;
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${types.workspace}/${workspace}`;
  const found = resources.get(id);
  return found?.body["location"] === region ? found : undefined;
}
