import { randomBytes } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Clock } from "../contract/clock.js";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { type Ids, randomIds } from "../contract/ids.js";
import { createControl } from "./control.js";
import { type EnvironmentFiles, joiningEnvironment, pulumiHome } from "./environment.js";
import type { Authority } from "./gateway/authority.js";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway/gateway.js";
import { injectFaults } from "./gateway/injectFaults.js";
import { projectRoot } from "./home.js";
import { keptAuthority } from "./keptAuthority.js";
import { type AccessControl, openAccess } from "./platform/accessControl.js";
import { openDirectory } from "./platform/directory.js";
import { openEmulatedClock } from "./platform/emulatedClock.js";
import type { FaultRule } from "./platform/faults/faultRule.js";
import { type Faults, openFaults } from "./platform/faults/faults.js";
import { createOutbound } from "./platform/outbound.js";
import type { Platform } from "./platform/platform.js";
import { openPropagation, type Propagation } from "./platform/propagation.js";
import { openResources } from "./platform/resources.js";
import type { Service } from "./platform/service.js";
import { openStore } from "./platform/store.js";
import { type PrincipalName, subscription } from "./platform/subscription.js";
import { openTokens } from "./platform/tokenAuthority.js";
import { installPlugins } from "./pulumi/plugins.js";
import { createEntra } from "./services/entra/index.js";
import { createGraph } from "./services/graph/index.js";
import { createKeyVault } from "./services/keyVault/index.js";
import { createMachineLearning } from "./services/machineLearning/index.js";
import { createResourceManager } from "./services/resourceManager/index.js";
import { createStorage } from "./services/storage/index.js";
import { clientVariables } from "./services/studioClassic/credentials.js";
import { createStudioClassic } from "./services/studioClassic/index.js";
import { createSynapse } from "./services/synapse/index.js";
import type { StateFolder } from "./stateFolder.js";

export interface EmulatorOptions {
  /** Where its state is kept; absent: in memory, gone with the process. */
  readonly folder?: StateFolder;
  /** The watch: what clients compare with their own (tokens, certificates, signatures) goes by it. */
  readonly clock: Clock;
  /** How many times as fast as the watch the emulator's own time runs, 1 or more. Default: 1. */
  readonly timeScale?: number | undefined;
  readonly ids?: Ids;
  /** Refuse every host that is not emulated, instead of tunnelling to it as a proxy does. */
  readonly offline: boolean;
  /** How long after their acceptance roles and address rules take effect, in this clock's time. Default: at once. */
  readonly propagationMs?: number | undefined;
  /** What goes wrong from the beginning. */
  readonly faults?: readonly FaultRule[];
  readonly controlToken: string;
  /** The module that each thread of a batch job runs. Default: the bundled one. */
  readonly scoringWorker?: URL;
  /** The loopback port; absent or taken (and not fixed): a free one. */
  readonly port?: number | undefined;
  readonly portIsFixed?: boolean;
  /** The proxy that the user's own environment names: hosts that are not Azure's are reached through it. */
  readonly upstreamProxy?: URL | undefined;
  /** Told of every host that was refused by name. */
  readonly onRefusal?: (host: string) => void;
  /** An authority and a token key made before, so that many emulators of one test run can be trusted at once. */
  readonly prepared?: {
    readonly authority: Authority;
    readonly signingKeyPem: string;
    readonly files: EnvironmentFiles;
  };
  readonly log: (line: string) => void;
}

/** A running emulator. */
export interface Emulator {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly proxyUrl: string;
  /** The emulator's own time. */
  readonly clock: Clock;
  readonly platform: Platform;
  /** What goes wrong on purpose, and what came of it. */
  readonly faults: Faults;
  /** What a process needs in its environment to join as this principal. */
  environmentFor(principal: PrincipalName): Record<string, string>;
  /** Resolves when no joined command is left; new ones are then refused. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Azure on this machine: every service behind one HTTPS proxy on a loopback port. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { folder, clock: watch, timeScale = 1 } = options;
  const ids = options.ids ?? randomIds;
  const store = folder ? folder.openStore() : openStore(undefined, randomBytes(32));
  const clock = openEmulatedClock({ store, watch, scale: timeScale });
  const authority = options.prepared?.authority ?? (await keptAuthority(store, watch.now()));
  const files = options.prepared?.files ?? folder?.files;
  if (!files) throw new Error("an emulator in memory needs a prepared authority");
  if (!options.prepared) folder?.writeCertificates(authority.certificatePem);
  if (folder) installPlugins(pulumiHome(folder.path));

  const directory = openDirectory(store, ids);
  const resources = openResources(store);
  const tokens = await openTokens({
    store,
    directory,
    tenantId: subscription.tenantId,
    now: () => watch.now(),
    timeScale,
    ...(options.prepared && { signingKeyPem: options.prepared.signingKeyPem }),
  });
  const propagation = openPropagation({ store, clock, delayMs: options.propagationMs ?? 0 });
  const access = openAccess({ store, directory, clock, propagation });
  const platform: Platform = { store, clock, ids, directory, tokens, resources, access, log: options.log };

  const faults = openFaults(options.faults);
  const aheadMs = () => clock.now().getTime() - watch.now().getTime();
  const control = createControl({ token: options.controlToken, started: watch.now(), timeScale, aheadMs, faults });
  const services: Service[] = [];
  const serviceSecret = randomBytes(24).toString("base64url");
  const gateway = await listen(options.port ?? 0, options.portIsFixed ?? false, {
    services,
    authority,
    offline: options.offline,
    upstreamProxy: options.upstreamProxy,
    serviceSecret,
    control: control.handle,
    deliver: injectFaults({ faults, tokens, clock: watch }),
    log: options.log,
    ...(options.onRefusal && { onRefusal: options.onRefusal }),
  });
  const outbound = createOutbound({
    proxyUrl: gateway.proxyUrl,
    certificatePem: authority.certificatePem,
    serviceSecret,
  });

  const { scoringWorker = bundle("scoringWorker.js") } = options;
  const parts = { platform, access, propagation, outbound, folder, watch, timeScale, scoringWorker };
  const { synapse, studioClassic, resourceManager, others } = await startServices(parts, services).catch(
    async (error) => {
      // what listens would keep the process alive
      await gateway.close();
      clock.close();
      store.close();
      throw error;
    },
  );

  return {
    port: gateway.port,
    proxyUrl: gateway.proxyUrl,
    clock,
    platform,
    faults,
    environmentFor: (principal) =>
      joiningEnvironment({
        proxyUrl: gateway.proxyUrl,
        files,
        principal,
        directory,
        retraining: clientVariables(store),
      }),
    drained: () => control.drained(),
    async close() {
      control.close();
      // their requests that are under way come back through the gateway
      await synapse.close();
      await studioClassic.close();
      await gateway.close();
      // its operations work on the other services: what runs must end before they do
      await resourceManager.close();
      for (const service of others) await service.close();
      await outbound.close();
      clock.close();
      store.close();
    },
  };
}

/** Makes the services, adds them to those that the gateway knows, and lets each go on with what was left unfinished. */
async function startServices(
  parts: {
    readonly platform: Platform;
    readonly access: AccessControl;
    readonly propagation: Propagation;
    readonly outbound: ReturnType<typeof createOutbound>;
    readonly folder: StateFolder | undefined;
    readonly watch: Clock;
    readonly timeScale: number;
    readonly scoringWorker: URL;
  },
  services: Service[],
) {
  const { platform, access, propagation, outbound, folder, watch: wallClock, timeScale, scoringWorker } = parts;
  const storage = await createStorage(platform, { folder: folder?.storageFolder, wallClock });
  const keyVault = await createKeyVault(platform);
  const machineLearning = await createMachineLearning({
    platform,
    blobs: storage.blobs,
    accessControl: access,
    accountKey: storage.accountKey,
    wallClock,
    scoringWorker,
  });
  const studioClassic = await createStudioClassic({
    platform,
    storageAccounts: storage.accounts,
    blobs: storage.blobs,
    dispatcher: outbound.dispatcher,
    wallClock,
    trainingWorker: bundle("trainingWorker.js"),
  });
  const synapse = await createSynapse({ platform, outbound, propagation, wallClock, timeScale });
  const types = [storage, keyVault, machineLearning, synapse].flatMap((service) => service.resourceTypes);
  const resourceManager = await createResourceManager({ platform, types, accessControl: access });
  const entra = createEntra(platform);
  const graph = await createGraph(platform);
  const others = [keyVault, storage, machineLearning, entra, graph, synapse.callbacks];
  services.push(...others, resourceManager, synapse, studioClassic);
  for (const service of services) await service.resume?.();
  return { synapse, studioClassic, resourceManager, others };
}

/** A worker thread cannot run TypeScript: what it runs is bundled. */
const bundle = (file: string) => pathToFileURL(path.join(projectRoot(), "dist", file));

/** Listens on the wished port; on a free one when that is taken and nobody insisted on it. */
async function listen(port: number, fixed: boolean, settings: Omit<GatewayOptions, "port">): Promise<Gateway> {
  try {
    return await startGateway({ ...settings, port });
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (taken && !fixed && port !== 0) return startGateway({ ...settings, port: 0 });
    if (!taken) throw error;
    throw new ProgramError(exitCodes.unavailable, `The port ${port} is taken.`, {
      cure: "Leave --port out, or name another one.",
      cause: error,
    });
  }
}
