import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Configuration } from "../config.js";
import { idsOf, type Plan } from "../plan.js";
import { type Arm, withArm } from "./arm.js";
import { nameFindings, type Wish } from "./availability.js";
import { readExisting } from "./existing.js";
import { readProviders, unregistered, unregistrable, unservedRegions } from "./providers.js";
import { quotaFindings } from "./quota.js";
import { missingPurgeRight, missingRights, rightsAt } from "./rights.js";

/** What is about to be deployed, where, and by whom (an object id). */
export interface PreflightArgs {
  readonly configuration: Configuration;
  readonly plan: Plan;
  readonly subscriptionId: string;
  readonly deployer: string;
}

/** A resource of the plan whose absence calls for questions. */
interface Planned {
  readonly id: string;
  readonly apiVersion: string;
}

const cluster = z.looseObject({ properties: z.looseObject({ properties: z.looseObject({ vmSize: z.string() }) }) });

/**
 * Finds out before the first resource whether Azure would refuse the deployment: rights, provider registration, regions,
 * quota, names, existing resources. Throws a `RunError` with every finding and its cure; what Azure does not answer is
 * no finding. Where all resources are there already it asks for nothing but them.
 */
export async function preflight(args: PreflightArgs): Promise<void> {
  const { findings, notes } = await withArm(args.deployer, (arm) => verdictOn(arm, args));
  if (findings.length === 0) {
    for (const note of notes) console.error(note);
    return;
  }
  throw new pulumi.RunError(
    `The deployment would fail, and nothing was made:\n${findings.map((finding) => `- ${finding}`).join("\n")}`,
  );
}

/** What stands in the way of the deployment, and what it will do to the subscription; one message each. */
export interface Verdict {
  readonly findings: readonly string[];
  readonly notes: readonly string[];
}

/** The questions and what came of them. */
export async function verdictOn(arm: Arm, args: PreflightArgs): Promise<Verdict> {
  const { configuration, plan, subscriptionId } = args;
  const ids = idsOf(plan, subscriptionId);
  const [existing, wishes, size] = await Promise.all([
    readExisting(arm, plan.existing, configuration, subscriptionId),
    missingOf(arm, wishesOf(args)),
    sizeOf(arm, ids.cluster),
  ]);
  const clusterLocation = existing.machineLearningLocation ?? configuration.location;
  const isSizeKnown = size?.toLowerCase() === configuration.vmSize.toLowerCase();
  const [quota, subscription, ...names] = await Promise.all([
    isSizeKnown ? [] : quotaFindings(arm, { subscriptionId, location: clusterLocation, vmSize: configuration.vmSize }),
    wishes.length === 0 ? nothing : verdictOnSubscription(arm, args),
    ...wishes.map((wish) => nameFindings(arm, wish)),
  ]);
  return {
    findings: [...existing.findings, ...quota, ...subscription.findings, ...names.flat()],
    notes: subscription.notes,
  };
}

const nothing: Verdict = { findings: [], notes: [] };

/** The vaults, accounts and the Synapse workspace that the program makes: their names are unique in all of Azure. */
function wishesOf({ configuration, plan, subscriptionId }: PreflightArgs): readonly (Wish & Planned)[] {
  const { names, existing } = plan;
  const ids = idsOf(plan, subscriptionId);
  const { location, synapseLocation } = configuration;
  const vault = (name: string, id: string) =>
    ({ type: "Microsoft.KeyVault/vaults", apiVersion: "2024-11-01", subscriptionId, name, id, location }) as const;
  const account = (name: string, id: string) =>
    ({
      type: "Microsoft.Storage/storageAccounts",
      apiVersion: "2024-01-01",
      subscriptionId,
      name,
      id,
      location,
    }) as const;
  const synapse = {
    type: "Microsoft.Synapse/workspaces",
    apiVersion: "2021-06-01",
    subscriptionId,
    name: names.synapseWorkspace,
    id: ids.synapseWorkspace,
    location: synapseLocation || location,
  } as const;
  return [
    account(names.machineLearningStorage, ids.machineLearningStorage),
    ...(existing.scoringVault ? [] : [vault(names.scoringVault, ids.scoringVault)]),
    ...(existing.machineLearningWorkspace ? [] : [vault(names.machineLearningVault, ids.machineLearningVault)]),
    ...(existing.synapseWorkspace ? [] : [account(names.lakeStorage, ids.lakeStorage), synapse]),
  ];
}

/** Those that are not there yet; one that the deployer may not read is left to the deployment. */
async function missingOf<T extends Planned>(arm: Arm, planned: readonly T[]): Promise<readonly T[]> {
  const answers = await Promise.all(planned.map(({ id, apiVersion }) => arm.get(id, apiVersion)));
  return planned.filter((_one, index) => answers[index]?.kind === "nothing");
}

/** The machine size of the cluster as it is; undefined when there is none. */
async function sizeOf(arm: Arm, id: string): Promise<string | undefined> {
  const said = await arm.get(id, "2025-12-01");
  const found = cluster.safeParse(said.kind === "answer" ? said.json : undefined);
  return found.success ? found.data.properties.properties.vmSize : undefined;
}

async function verdictOnSubscription(arm: Arm, args: PreflightArgs): Promise<Verdict> {
  const { configuration, plan, subscriptionId, deployer } = args;
  const scope = `/subscriptions/${subscriptionId}`;
  const [atSubscription, atGroup, providers] = await Promise.all([
    rightsAt(arm, scope),
    rightsAt(arm, `${scope}/resourceGroups/${plan.resourceGroup}`),
    readProviders(arm, subscriptionId),
  ]);
  // what Azure does not say, the deployment itself will tell
  const may = atSubscription ?? (() => true);
  const { location, synapseLocation } = configuration;
  const findings = [
    ...missingRights((action) => may(action) || atGroup?.(action) === true, scope, deployer),
    ...(configuration.purgeOnDestroy && !configuration.purgeProtection ? missingPurgeRight(may) : []),
    ...unregistrable(providers, may),
    ...unservedRegions(providers, [
      ...(plan.existing.machineLearningWorkspace
        ? []
        : [{ type: "Microsoft.MachineLearningServices/workspaces", location, key: "azure-native:location" }]),
      ...(plan.existing.synapseWorkspace
        ? []
        : [{ type: "Microsoft.Synapse/workspaces", location: synapseLocation || location, key: "synapseLocation" }]),
    ]),
  ];
  const coming = unregistered(providers);
  const registering = pulumi.runtime.isDryRun() ? "Would register" : "Registering";
  const notes = coming.length === 0 ? [] : [`${registering} the subscription with ${coming.join(", ")}`];
  return { findings, notes };
}
