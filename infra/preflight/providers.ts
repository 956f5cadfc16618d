import { z } from "zod";
import { regionName } from "../../contract/hosts.js";
import { neededProviders } from "../dataplane/resourceProviders.js";
import type { Arm } from "./arm.js";
import type { May } from "./rights.js";

const provider = z.object({
  namespace: z.string(),
  registrationState: z.string(),
  resourceTypes: z.array(z.object({ resourceType: z.string(), locations: z.array(z.string()) })),
});

/** A resource provider as the subscription sees it. */
export type Provider = z.infer<typeof provider>;

/** The providers that the program needs (Microsoft.Resources, 2022-12-01); one that Azure does not show is left out. */
export async function readProviders(arm: Arm, subscriptionId: string): Promise<readonly Provider[]> {
  const answers = await Promise.all(
    neededProviders.map((namespace) =>
      arm.get(`/subscriptions/${subscriptionId}/providers/${namespace}`, "2022-12-01"),
    ),
  );
  return answers.flatMap((said) => {
    const parsed = provider.safeParse(said.kind === "answer" ? said.json : undefined);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The namespaces that this deployment has to register. */
export function unregistered(providers: readonly Provider[]): readonly string[] {
  return providers
    .filter(({ registrationState }) => !["Registered", "Registering"].includes(registrationState))
    .map(({ namespace }) => namespace);
}

/** One finding for each provider that is not registered and that the deployer may not register. */
export function unregistrable(providers: readonly Provider[], may: May): readonly string[] {
  return unregistered(providers)
    .filter((namespace) => !may(`${namespace}/register/action`))
    .map(
      (namespace) =>
        `the subscription is not registered with ${namespace}, and the deployer may not register it; an owner can:\n  az provider register --namespace ${namespace} --wait`,
    );
}

/** A resource type, the region it is wanted in, and the setting that says so. */
export interface Wanted {
  readonly type: string;
  readonly location: string;
  readonly key: string;
}

/** One finding for each region that does not serve the type. */
export function unservedRegions(providers: readonly Provider[], wanted: readonly Wanted[]): readonly string[] {
  return wanted.flatMap(({ type, location, key }) => {
    const [namespace, collection] = type.split("/");
    const locations = providers
      .find((each) => each.namespace.toLowerCase() === namespace?.toLowerCase())
      ?.resourceTypes.find(({ resourceType }) => resourceType.toLowerCase() === collection?.toLowerCase())?.locations;
    if (!locations?.length || locations.some((each) => regionName(each) === regionName(location))) return [];
    return [
      `${key}: the region ${location} does not serve ${type}; choose another: pulumi config set ${key} <region> (az provider show --namespace ${namespace} --query "resourceTypes[?resourceType=='${collection}'].locations")`,
    ];
  });
}
