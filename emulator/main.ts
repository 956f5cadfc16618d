import { randomBytes } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Clock, systemClock } from "../contract/clock.js";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { type Ids, randomIds } from "../contract/ids.js";
import { createControl } from "./control.js";
import type { HttpPort } from "./engine/ports.js";
import { type EnvironmentFiles, joiningEnvironment } from "./environment.js";
import { type Authority, createAuthority, loadAuthority } from "./gateway/authority.js";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway/gateway.js";
import { projectRoot } from "./home.js";
import { type AccessControl, openAccess } from "./platform/accessControl.js";
import { openDirectory } from "./platform/directory.js";
import { createOutbound } from "./platform/outbound.js";
import type { Platform } from "./platform/platform.js";
import { openResources } from "./platform/resources.js";
import type { Service } from "./platform/service.js";
import { openStore, type Store } from "./platform/store.js";
import { type PrincipalName, subscription } from "./platform/subscription.js";
import { openTokens } from "./platform/tokenAuthority.js";
import { createEntra } from "./services/entra/index.js";
import { createKeyVault } from "./services/keyVault/index.js";
import { createMachineLearning } from "./services/machineLearning/index.js";
import { createResourceManager } from "./services/resourceManager/index.js";
import { createStorage } from "./services/storage/index.js";
import { createSynapse } from "./services/synapse/index.js";
import type { StateFolder } from "./stateFolder.js";

export interface EmulatorOptions {
  /** Where its state is kept; absent: in memory, gone with the process. */
  readonly folder?: StateFolder;
  readonly clock: Clock;
  readonly ids?: Ids;
  /** Refuse every host that is not emulated, instead of tunnelling to it as a proxy does. */
  readonly offline: boolean;
  readonly controlToken: string;
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
  readonly clock: Clock;
  readonly platform: Platform;
  /** What a process needs in its environment to join as this principal. */
  environmentFor(principal: PrincipalName): Record<string, string>;
  /** Resolves when no joined command is left; new ones are then refused. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Azure on this machine: every service behind one HTTPS proxy on a loopback port. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { folder, clock } = options;
  const ids = options.ids ?? randomIds;
  const store = folder ? folder.openStore() : openStore(undefined, randomBytes(32));
  const authority = options.prepared?.authority ?? (await keptAuthority(store));
  const files = options.prepared?.files ?? folder?.files;
  if (!files) throw new Error("an emulator in memory needs a prepared authority");
  if (!options.prepared) folder?.writeCertificates(authority.certificatePem);

  const directory = openDirectory(store, ids);
  const resources = openResources(store);
  const tokens = await openTokens({
    store,
    directory,
    tenantId: subscription.tenantId,
    now: watch,
    ...(options.prepared && { signingKeyPem: options.prepared.signingKeyPem }),
  });
  const access = openAccess({ store, directory, clock });
  const platform: Platform = { store, clock, ids, directory, tokens, resources, access, log: options.log };

  const control = createControl({ token: options.controlToken, started: clock.now() });
  const services: Service[] = [];
  const serviceSecret = randomBytes(24).toString("base64url");
  const gateway = await listen(options.port ?? 0, options.portIsFixed ?? false, {
    services,
    authority,
    offline: options.offline,
    upstreamProxy: options.upstreamProxy,
    serviceSecret,
    control: control.handle,
    log: options.log,
    ...(options.onRefusal && { onRefusal: options.onRefusal }),
  });
  const outbound = createOutbound({
    proxyUrl: gateway.proxyUrl,
    certificatePem: authority.certificatePem,
    serviceSecret,
  });

  const parts = { platform, access, outbound, folder };
  const { synapse, resourceManager, others } = await startServices(parts, services).catch(async (error) => {
    // what listens would keep the process alive
    await gateway.close();
    store.close();
    throw error;
  });

  return {
    port: gateway.port,
    proxyUrl: gateway.proxyUrl,
    clock,
    platform,
    environmentFor: (principal) => joiningEnvironment({ proxyUrl: gateway.proxyUrl, files, principal, directory }),
    drained: () => control.drained(),
    async close() {
      control.close();
      // its requests that are under way come back through the gateway
      await synapse.close();
      await gateway.close();
      // its operations work on the other services: what runs must end before they do
      await resourceManager.close();
      for (const service of others) await service.close();
      await outbound.close();
      store.close();
    },
  };
}

/** Makes the services, adds them to those that the gateway knows, and lets each go on with what was left unfinished. */
async function startServices(
  parts: {
    readonly platform: Platform;
    readonly access: AccessControl;
    readonly outbound: HttpPort;
    readonly folder: StateFolder | undefined;
  },
  services: Service[],
) {
  const { platform, access, outbound, folder } = parts;
  const storage = await createStorage(platform, { folder: folder?.storageFolder });
  const keyVault = await createKeyVault(platform);
  const machineLearning = await createMachineLearning({
    platform,
    blobs: storage.blobs,
    accessControl: access,
    accountKey: storage.accountKey,
    scoringWorker: pathToFileURL(path.join(projectRoot(), "dist", "scoringWorker.js")),
  });
  const synapse = await createSynapse({ platform, outbound });
  const types = [storage, keyVault, machineLearning, synapse].flatMap((service) => service.resourceTypes);
  const resourceManager = await createResourceManager({ platform, types, accessControl: access });
  const entra = createEntra(platform);
  services.push(entra, resourceManager, keyVault, storage, machineLearning, synapse);
  for (const service of services) await service.resume?.();
  return { synapse, resourceManager, others: [keyVault, storage, machineLearning, entra] };
}

/** What a client compares with its own watch (certificates, tokens) goes by real time, however fast the emulator's is. */
const watch = () => systemClock().now();

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

/** Made anew this long before it ends, so that no certificate ends under a running command. */
const authorityMarginMs = 24 * 60 * 60 * 1000;

/** The state folder's own authority: kept encrypted, made on the first start and again before it ends. */
async function keptAuthority(store: Store): Promise<Authority> {
  store.migrate("authority", ["CREATE TABLE authority (only INTEGER PRIMARY KEY, sealed TEXT NOT NULL)"]);
  const row = store.get("SELECT sealed FROM authority");
  const kept = row && (await loadAuthority(JSON.parse(store.unseal(String(row["sealed"])))));
  if (kept && kept.notAfter.getTime() - watch().getTime() > authorityMarginMs) return kept;
  const made = await createAuthority({ now: watch() });
  const { certificatePem, privateKeyPem } = made;
  store.run(
    "INSERT OR REPLACE INTO authority VALUES (1, ?)",
    store.seal(JSON.stringify({ certificatePem, privateKeyPem })),
  );
  return made;
}
