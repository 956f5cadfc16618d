import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { JsonObject } from "../../contract/json.js";
import type { Store } from "../platform/store.js";
import { type Changes, count, type DeployEvent } from "./deployEvent.js";
import { openDeployedResources } from "./deployedResources.js";
import { Deployment } from "./deployment.js";
import type { Environment } from "./deploymentHttp.js";
import { plainObject } from "./properties.js";
import { openProviders, type Providers } from "./providers.js";
import { ResourceMonitor } from "./resourceMonitor.js";

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
 * failing resource's own error, or with a `ProgramError` when the configuration is wrong. One at a time in a process:
 * Pulumi's runtime state is global.
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { environment, clock, configuration } = options;
  const providers = openProviders({ environment, clock, location: configuration["azure-native:location"] });
  try {
    return await deployWith(providers, options);
  } finally {
    await providers.close();
  }
}

/** The same with these providers: what a test injects. */
export async function deployWith(
  providers: Pick<Providers, "providerOf" | "invoke">,
  options: Omit<DeployOptions, "environment">,
): Promise<DeployResult> {
  const { project, stack, store, clock } = options;
  const deployed = openDeployedResources(store, `${project}/${stack}`);
  const changes: Changes = { created: 0, updated: 0, deleted: 0, unchanged: 0 };
  const onEvent = (event: DeployEvent) => {
    count(changes, event);
    options.onEvent(event);
  };
  const deployment = new Deployment({ deployed, providerOf: providers.providerOf, clock, onEvent });
  const monitor = new ResourceMonitor({
    project,
    stack,
    invoke: providers.invoke,
    register: (registration) => deployment.register(registration),
  });
  await runProgram(monitor, options);
  await deployment.removeOthers(monitor.urns);
  const outputs = plainObject(monitor.rawOutputs);
  deployed.putOutputs(outputs);
  return { outputs, changes };
}

/** Removes all that the stack's record has. */
export async function destroy(
  options: StackOptions & Pick<DeployOptions, "environment" | "clock" | "onEvent">,
): Promise<Readonly<Changes>> {
  const { project, stack, store, clock, environment } = options;
  const deployed = openDeployedResources(store, `${project}/${stack}`);
  const changes: Changes = { created: 0, updated: 0, deleted: 0, unchanged: 0 };
  const providers = openProviders({ environment, clock, location: undefined });
  const onEvent = (event: DeployEvent) => {
    count(changes, event);
    options.onEvent(event);
  };
  try {
    await new Deployment({ deployed, providerOf: providers.providerOf, clock, onEvent }).removeOthers(new Set());
    deployed.removeOutputs();
  } finally {
    await providers.close();
  }
  return changes;
}

/** The outputs of the stack's last deployment that succeeded. */
export function readOutputs({ store, project, stack }: StackOptions): JsonObject | undefined {
  return openDeployedResources(store, `${project}/${stack}`).outputs();
}

async function runProgram(monitor: ResourceMonitor, options: Omit<DeployOptions, "environment">): Promise<void> {
  pulumi.runtime.setAllConfig({ ...options.configuration }, [...options.secretKeys]);
  pulumi.runtime.setMockOptions(monitor, options.project, options.stack, false, "organization");
  // what the program throws goes through the monitor: the SDK would leave rejections behind that nobody awaits
  const abort = (error: unknown) => void monitor.abort(ownError(error));
  const program = () => options.program().catch(abort);
  // of a value that the program computes it always does
  process.on("unhandledRejection", abort);
  try {
    await Promise.race([pulumi.runtime.runInPulumiStack(program), monitor.failed]);
    await pulumi.runtime.disconnect();
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
