import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { JsonObject } from "../../contract/json.js";
import type { Store } from "../platform/store.js";
import { type Changes, count, type DeployEvent, noChanges, Reporter } from "./deployEvent.js";
import { type DeployedResources, openDeployedResources } from "./deployedResources.js";
import { Deployment, type DeploymentOptions } from "./deployment.js";
import { inOne } from "./deploymentError.js";
import type { Environment } from "./deploymentHttp.js";
import type { ProviderConsole } from "./dynamicResources.js";
import { plainObject } from "./properties.js";
import { openProviders, type Providers } from "./providers.js";
import { removeOthers } from "./removal.js";
import { ResourceMonitor } from "./resourceMonitor.js";
import { withoutStacks } from "./withoutStacks.js";

/** Which stack, and where its record is. */
export interface StackOptions {
  readonly project: string;
  readonly stack: string;
  readonly store: Store;
}

/** A deployment of a Pulumi program into the Azure that `environment` leads to. */
export interface DeployOptions extends StackOptions {
  /** The program function: `infra/index.ts`'s default export. */
  readonly program: () => Promise<object>;
  /** Full keys (`project:key`) and their values; lists and objects as JSON. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** HTTPS_PROXY, NODE_EXTRA_CA_CERTS, AZURE_* and ARM_*; dynamic resources read `process.env`, so it must be the same. */
  readonly environment: Environment;
  readonly clock: Clock;
  readonly onEvent: (event: DeployEvent) => void;
}

/** What a deployment ended with: the stack's outputs in plain JSON, and how much it changed. */
export interface DeployResult {
  readonly outputs: JsonObject;
  readonly changes: Readonly<Changes>;
}

/**
 * Runs the program in this process and brings the stack to what it says; rejects with a `DeploymentError` that has the
 * failing resource's own error (a `ProgramError` that lists them when several failed), or with a `ProgramError` when the
 * configuration is wrong. One at a time in a process: Pulumi's runtime state is global.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  return withProviders(options, (providers) => deployWith(providers, options));
}

/**
 * Finds out what `deploy` would do, and does nothing of it: each step is told as an event with the inputs that differ.
 * Rejects with what `deploy` would refuse. The outputs of the result are undefined where they are not known yet.
 */
export async function preview(options: DeployOptions): Promise<DeployResult> {
  // each change is told as an event: the provider's own line on it would be a second one
  return withProviders(options, (providers) => previewWith(providers, options), { error() {} });
}

/** `deploy` with these providers: what a test injects. */
export async function deployWith(providers: Given, options: ProgramOptions): Promise<DeployResult> {
  return carryOut(providers, options, false);
}

/** `preview` with these providers. */
export async function previewWith(providers: Given, options: ProgramOptions): Promise<DeployResult> {
  return carryOut(providers, options, true);
}

type Given = Pick<Providers, "providerOf" | "invoke">;
type ProgramOptions = Omit<DeployOptions, "environment">;

async function carryOut(providers: Given, options: ProgramOptions, isPreview: boolean): Promise<DeployResult> {
  const { project, stack } = options;
  const { deployed, changes, parts } = partsOf(providers, options, isPreview);
  const deployment = new Deployment(parts);
  const monitor = new ResourceMonitor({
    project,
    stack,
    invoke: providers.invoke,
    register: (registration) => deployment.register(registration),
    read: (subject, id) => deployment.read(subject, id),
  });
  await runProgram(monitor, options, isPreview);
  await removeOthers(parts, monitor.urns);
  const outputs = plainObject(monitor.rawOutputs);
  if (!isPreview) deployed.putOutputs(outputs);
  const refused = inOne(deployment.refusals);
  if (refused) throw refused;
  return { outputs, changes };
}

/** Removes all that the stack's record has, dependents first; rejects with the `DeploymentError` of what cannot be removed. */
export async function destroy(options: Omit<DeployOptions, "program" | "secretKeys">): Promise<Readonly<Changes>> {
  return withProviders(options, async (providers) => {
    const { deployed, changes, parts } = partsOf(providers, options, false);
    await removeOthers(parts, new Set());
    deployed.removeOutputs();
    return changes;
  });
}

function partsOf(
  { providerOf }: Pick<Providers, "providerOf">,
  options: StackOptions & Pick<DeployOptions, "clock" | "onEvent">,
  isPreview: boolean,
): { readonly deployed: DeployedResources; readonly changes: Changes; readonly parts: DeploymentOptions } {
  const deployed = openDeployedResources(options.store, `${options.project}/${options.stack}`);
  const changes = noChanges();
  const reporter = new Reporter(options.clock, (event) => {
    count(changes, event);
    options.onEvent(event);
  });
  return { deployed, changes, parts: { deployed, providerOf, reporter, preview: isPreview } };
}

async function withProviders<T>(
  options: Pick<DeployOptions, "project" | "configuration" | "environment" | "clock">,
  work: (providers: Providers) => Promise<T>,
  said?: ProviderConsole,
): Promise<T> {
  const { environment, clock, configuration } = options;
  const location = configuration["azure-native:location"];
  const providers = openProviders({ environment, clock, location, configuration, ...(said && { said }) });
  try {
    return await work(providers);
  } finally {
    await providers.close();
  }
}

/** The outputs of the stack's last deployment that succeeded. */
export function readOutputs({ store, project, stack }: StackOptions): JsonObject | undefined {
  return openDeployedResources(store, `${project}/${stack}`).outputs();
}

async function runProgram(monitor: ResourceMonitor, options: ProgramOptions, isPreview: boolean): Promise<void> {
  pulumi.runtime.setAllConfig({ ...options.configuration }, [...options.secretKeys]);
  pulumi.runtime.setMockOptions(monitor, options.project, options.stack, isPreview, "organization");
  // what the program throws goes through the monitor: the SDK would leave rejections behind that nobody awaits
  const abort = (error: unknown) => void monitor.abort(ownError(error));
  const program = () => options.program().catch(abort);
  // of a value that the program computes it always does
  process.on("unhandledRejection", abort);
  try {
    await withoutStacks(async () => {
      await Promise.race([pulumi.runtime.runInPulumiStack(program), monitor.failed]);
      await pulumi.runtime.disconnect();
    });
  } catch (error) {
    // after a failure the SDK may come to its end first, with a message that says nothing
    if (monitor.failure) await monitor.failed;
    throw error;
  } finally {
    // rejections are reported after the microtasks
    await setImmediate();
    process.off("unhandledRejection", abort);
  }
  if (monitor.failure) await monitor.failed;
}

function ownError(error: unknown): Error {
  if (pulumi.RunError.isInstance(error)) return new ProgramError(exitCodes.usage, error.message, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}
